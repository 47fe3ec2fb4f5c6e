import HocketTesting
import Testing

@testable import HocketWorker

/// Waits grow, have a limit, and are spread.
@Suite struct DialBackOffTests {
    private let clock = RecordingClock()

    @Test func waitsGrowUpToTheLimit() async {
        var backOff = DialBackOff(
            first: .milliseconds(100),
            longest: .milliseconds(1000),
            clock: clock,
            random: { 1 }
        )
        for _ in 0..<6 { await backOff.wait() }
        #expect(clock.sleeps == [100, 200, 400, 800, 1000, 1000].map { .milliseconds($0) })
    }

    @Test(arguments: [(0, 50), (0.5, 75), (1, 100)])
    func waitsAreSpreadOverTheirUpperHalf(random: Double, milliseconds: Int) async {
        var backOff = DialBackOff(first: .milliseconds(100), clock: clock, random: { random })
        await backOff.wait()
        #expect(clock.sleeps == [.milliseconds(milliseconds)])
    }

    @Test func resetBeginsAnew() async {
        var backOff = DialBackOff(first: .milliseconds(100), clock: clock, random: { 1 })
        await backOff.wait()
        await backOff.wait()
        backOff.reset()
        await backOff.wait()
        #expect(clock.sleeps == [100, 200, 100].map { .milliseconds($0) })
    }
}
