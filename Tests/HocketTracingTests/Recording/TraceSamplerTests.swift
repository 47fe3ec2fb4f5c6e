import HocketTracing
import Testing

/// Which traces are recorded that begin here.
struct TraceSamplerTests {
    @Test func allAreRecordedUnlessToldOtherwise() {
        #expect(TraceSampler().samples(.max))
        #expect(TraceSampler().samples(1))
    }

    @Test func noneIsRecordedOfAShareOfZero() {
        #expect(!TraceSampler(ratio: 0).samples(1))
        #expect(!TraceSampler(ratio: 0).samples(.max))
    }

    @Test func lastEightBytesOfTheIDDecide() {
        let sampler = TraceSampler(ratio: 0.25)
        let quarter = UInt128(UInt64.max / 4)
        #expect(sampler.samples(quarter - 2))
        #expect(!sampler.samples(quarter + 2))
        #expect(sampler.samples(UInt128(0xABCD) << 64 | (quarter - 2)))
        #expect(!sampler.samples(UInt128(0xABCD) << 64 | (quarter + 2)))
    }
}
