import HTTPTypes
import HocketEngine
import HocketWire
import Hummingbird
import Tracing

/// The span of one request, from its head to the last byte of its answer.
///
/// Of what the client sent only the method and the route's template become part of it: paths,
/// queries, headers and bodies may hold what nobody else should read.
struct RequestSpan: Sendable {
    private static let noRoute = "NotFound"

    private let span: any Tracing.Span
    private let method: HTTPRequest.Method
    /// The request's place in its trace, which is there also where nothing is recorded.
    let trace: TraceContext

    init(
        _ span: any Tracing.Span,
        trace: TraceContext,
        of method: HTTPRequest.Method,
        id: HocketWire.RequestID
    ) {
        self.span = span
        self.trace = trace
        self.method = method
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes["http.request.method"] = method.spanAttribute
            attributes["hocket.request.id"] = "\(id)"
        }
    }

    /// The answer is a response.
    func answers(_ id: String) {
        guard span.isRecording else { return }
        span.updateAttributes { $0["gen_ai.response.id"] = id }
    }

    /// The head of the answer is known.
    ///
    /// - Parameter route: the template of the route that answers; nil if there is none.
    /// - Returns: the answer, at the end of which the span ends.
    func answered(_ response: Response, route: String?) -> Response {
        guard span.isRecording else { return response }
        ended(with: response.status.code, route)
        var response = response
        let body = response.body
        // A client that leaves, or a stream that fails, ends it too.
        response.body = ResponseBody(contentLength: body.contentLength) { [span] writer in
            defer { span.end() }
            try await body.write(writer)
        }
        return response
    }

    /// There will be no answer from a route.
    func failed(_ error: any Error, route: String?) {
        guard span.isRecording else { return }
        span.recordError(error)
        if let error = error as? any HTTPResponseError {
            ended(with: error.status.code, route)
        }
        span.end()
    }

    private func ended(with status: Int, _ route: String?) {
        // What no route answers has this instead of a template.
        let route = route == Self.noRoute ? nil : route
        if let route { span.operationName = "\(method.spanName) \(route)" }
        span.updateAttributes { attributes in
            attributes["http.route"] = route
            attributes["http.response.status_code"] = status
            if status >= 500 { attributes["error.type"] = "\(status)" }
        }
        if status >= 500 { span.setStatus(SpanStatus(code: .error)) }
    }
}
