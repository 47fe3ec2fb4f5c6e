import HTTPTypes
import HocketEngine
import HocketResponses
import Hummingbird
import Logging

/// Makes every request a span of its caller's trace, or of a new one, and shows both ids in the
/// log (W3C Trace Context).
///
/// What the caller sent that is no context counts as not sent. The answer says nothing of it.
struct TraceMiddleware: RouterMiddleware {
    let service: ResponseService

    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let span = service.newSpan(in: TraceContext(request.headers))
        context.trace = span
        context.logger[metadataKey: "trace_id"] = "\(span.traceIDText)"
        context.logger[metadataKey: "span_id"] = "\(span.spanIDText)"
        return try await next(request, context)
    }
}

extension TraceContext {
    /// The caller's span; nil if it names none, or more than one.
    fileprivate init?(_ headers: HTTPFields) {
        let parents = headers[values: .traceParent]
        guard parents.count == 1, let parent = parents.first else { return nil }
        self.init(
            traceParent: parent,
            state: TraceState(fields: headers[values: .traceState]) ?? TraceState()
        )
    }
}
