import HocketEngine
import HocketWire
import Testing

@testable import HocketTransport

/// What a worker is told of the trace that a sampling is a part of.
@Suite struct TraceTests {
    private let router: EmbeddedRouter

    init() throws {
        router = try EmbeddedRouter()
    }

    @Test func workerIsToldTheSpanThatAsks() throws {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        var request = GenerationRequest.example()
        request.trace = TraceContext(
            traceParent: parent,
            state: try #require(TraceState(fields: ["a=1"]))
        )
        _ = router.submit(request)
        guard case .submit(let submit) = try router.heard().first?.message else {
            Issue.record("no SUBMIT")
            return
        }
        #expect(submit.traceParent == parent)
        #expect(submit.traceState == "a=1")
    }
}
