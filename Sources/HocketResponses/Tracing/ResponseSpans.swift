import HocketEngine
import NIOCore
import OpenAIAPI
import Tracing

/// Makes the spans of one response, all within that of its request.
///
/// A response that is made in the background outlives its request, whose span has ended by then: a
/// trace allows that, and its samplings are found where its caller looks for them.
struct ResponseSpans: Sendable {
    private let tracer: any Tracer
    private let request: TraceContext?
    private let response: String

    /// - Parameters:
    ///   - request: the span of the request; nil where nothing is traced.
    ///   - response: the response's id.
    init(_ tracer: any Tracer, within request: TraceContext?, response: String) {
        self.tracer = tracer
        self.request = request
        self.response = response
    }

    /// A sampling begins.
    ///
    /// - Parameter waited: how long the request waited for a worker before.
    func sampling(_ generation: GenerationRequest, waited: TimeAmount) -> SamplingSpan {
        SamplingSpan(
            span("chat \(generation.model)"),
            of: generation,
            response: response,
            waited: waited,
            at: .now()
        )
    }

    /// A server is asked for its tools.
    func listing(of server: String) -> ToolSpan {
        ToolSpan(listing: span("tools/list"), server: server)
    }

    /// A tool is called.
    func call(_ call: ToolCall, at server: String) -> ToolSpan {
        ToolSpan(
            calling: span("tools/call \(call.name)"),
            tool: call.name,
            argumentBytes: call.arguments.count,
            server: server
        )
    }

    private func span(_ name: String) -> any Tracing.Span {
        tracer.startSpan(name, context: .within(request), ofKind: .client)
    }
}
