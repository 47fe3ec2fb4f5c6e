import HTTPTypes
import HocketEngine
import HocketResponses
import Hummingbird
import Logging
import Tracing

/// Makes every request a span of its caller's trace, or of a new one, and shows both ids in the
/// log (W3C Trace Context).
///
/// What the caller sent that is no context counts as not sent. The answer says nothing of it.
struct TraceMiddleware: RouterMiddleware {
    let service: ResponseService
    let tracer: any Tracer

    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let span = span(of: request, context)
        context.span = span
        context.logger[metadataKey: "trace_id"] = "\(span.trace.traceIDText)"
        context.logger[metadataKey: "span_id"] = "\(span.trace.spanIDText)"
        do {
            let response = try await next(request, context)
            return span.answered(response, route: context.endpointPath)
        } catch {
            span.failed(error, route: context.endpointPath)
            throw error
        }
    }

    private func span(of request: Request, _ context: BridgeContext) -> RequestSpan {
        let (span, trace) = tracer.startRequest(
            request.method.spanName,
            within: TraceContext(request.headers),
            of: service
        )
        return RequestSpan(span, trace: trace, of: request.method, id: context.requestID)
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
