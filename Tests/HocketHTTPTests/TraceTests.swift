import HocketEngine
import HocketTesting
import Testing

/// Where a request's trace goes on.
@Suite(.timeLimit(.minutes(1)))
struct TraceTests {
    private static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00-\(traceID)-00f067aa0ba902b7-01"

    /// The context that a worker is given for a request with these header fields.
    private func trace(_ headers: String) async throws -> TraceContext? {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        try await LiveServer.run(backend) { server in
            let response = try await server.answer(to: Requests.response(headers: headers))
            #expect(response.status == 200)
            #expect(response["traceparent"] == nil)
        }
        return try #require(backend.record.requests.first).trace
    }

    @Test func workerIsASpanOfTheCallersTrace() async throws {
        let headers = "traceparent: \(Self.parent)\r\ntracestate: a=1\r\ntracestate: b=2\r\n"
        let trace = try #require(try await trace(headers))
        #expect(trace.traceIDText == Self.traceID)
        #expect(trace.spanIDText != "00f067aa0ba902b7")
        #expect(trace.isSampled)
        #expect(trace.state.text == "a=1,b=2")
    }

    @Test(
        arguments: [
            "", "traceparent: nonsense\r\n", "tracestate: a=1\r\n",
            "traceparent: \(parent)\r\ntraceparent: \(parent)\r\n",
        ]
    )
    func withoutAContextANewTraceBegins(headers: String) async throws {
        let trace = try #require(try await trace(headers))
        #expect(trace.traceIDText != Self.traceID)
        #expect(trace.state.text == "")
    }

    @Test func badStateDoesNotEndTheTrace() async throws {
        let headers = "traceparent: \(Self.parent)\r\ntracestate: nonsense\r\n"
        let trace = try #require(try await trace(headers))
        #expect(trace.traceIDText == Self.traceID)
        #expect(trace.state.text == "")
    }
}
