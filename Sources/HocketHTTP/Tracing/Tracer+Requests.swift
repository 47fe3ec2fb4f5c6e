import HocketEngine
import HocketResponses
import Tracing

extension Tracer {
    /// Starts the span of a request.
    ///
    /// - Parameters:
    ///   - caller: the span that the request came from; nil to begin a trace.
    ///   - service: where ids come from that no tracer gives.
    /// - Returns: the span, and its place in its trace: without a tracer the request still has an
    ///   id of its own, for logs and for workers.
    func startRequest(
        _ name: String,
        within caller: TraceContext?,
        of service: ResponseService
    ) -> (span: any Tracing.Span, trace: TraceContext) {
        let span: any Tracing.Span = startSpan(name, context: .within(caller), ofKind: .server)
        let own = span.context.traceContext
        return (span, own.flatMap { $0 == caller ? nil : $0 } ?? service.newSpan(in: caller))
    }
}
