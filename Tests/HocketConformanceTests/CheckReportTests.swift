import Harmony
import Testing

@testable import HocketConformance

/// What a check says to people and to programs.
struct CheckReportTests {
    private static func result(_ verdict: CheckResult.Verdict) -> CheckResult {
        CheckResult(
            name: "ping",
            section: "Liveness",
            demand: "PING is answered",
            verdict: verdict,
            milliseconds: 12
        )
    }

    @Test func lineOfAFailureSaysWhatWasDemandedWhere() {
        let line = Self.result(.failed("no PONG")).line
        #expect(line.hasPrefix("FAIL  ping "))
        #expect(line.hasSuffix("no PONG [PROTOCOL.md, Liveness: PING is answered]"))
        #expect(Self.result(.passed).line.hasSuffix("12 ms"))
        #expect(Self.result(.skipped("not offered")).line.hasSuffix("not offered"))
    }

    @Test func countsVerdicts() {
        var report = CheckReport()
        report.results = [.passed, .failed("x"), .skipped("y"), .passed].map(Self.result)
        #expect(report.summary == "2 passed, 1 failed, 1 skipped")
        #expect((report.failures, report.skips) == (1, 1))
    }

    @Test func programsReadTheReportAsJSON() throws {
        var report = CheckReport()
        report.results = [Self.result(.failed("no PONG"))]
        #expect(
            report.json.compact
                == #"{"worker":null,"results":[{"name":"ping","section":"Liveness","#
                + #""demand":"PING is answered","verdict":"fail","reason":"no PONG","#
                + #""milliseconds":12}],"passed":0,"failed":1,"skipped":0}"#
        )
    }
}
