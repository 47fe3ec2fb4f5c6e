import HocketEngine
import Testing

/// Spans that begin here.
struct FreshTraceContextTests {
    @Test func withinAnotherItHasItsTraceDecisionAndState() throws {
        let state = try #require(TraceState(fields: ["a=1"]))
        let parent = TraceContext(traceID: 7, spanID: 8, isSampled: true, state: state)
        let fresh = TraceContext.fresh(within: parent, random: { 9 }, samples: { _ in false })
        #expect(fresh == TraceContext(traceID: 7, spanID: 9, isSampled: true, state: state))
    }

    @Test(arguments: [true, false])
    func withoutOneATraceBeginsWhoseIDDecides(isSampled: Bool) {
        let fresh = TraceContext.fresh(within: nil, random: { 9 }) { id in
            let expected: UInt128 = 9 << 64 | 9
            #expect(id == expected)
            return isSampled
        }
        #expect(fresh == TraceContext(traceID: 9 << 64 | 9, spanID: 9, isSampled: isSampled))
    }

    @Test func noIDIsZeroWhateverIsDrawn() {
        let fresh = TraceContext.fresh(within: nil, random: { 0 })
        #expect(fresh.traceID != 0)
        #expect(fresh.spanID != 0)
    }
}
