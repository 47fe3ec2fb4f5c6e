import HTTPTypes
import Hummingbird
import OpenAIAPI

extension Router<BridgeContext> {
    /// The methods that clients send (RFC 9110 §9.3, RFC 5789, RFC 4918 §9); what the parser of
    /// HTTP does not know never comes here, and CONNECT names no path.
    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .delete, .patch, .options, .trace]
            + ["COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "UNLOCK"]
            .compactMap(HTTPRequest.Method.init(rawValue:))
    }

    /// Answers OPTIONS with the methods that a path has, and every other method that it has not
    /// with 405 (RFC 9110 §9.3.7 and §15.5.6).
    func refuseOthers(than allowed: HTTPRequest.Method..., on path: RouterPath) {
        let list = (allowed + [.options]).map(\.rawValue).joined(separator: ", ")
        on(path, method: .options) { _, _ in Response(status: .noContent, headers: [.allow: list]) }
        for method in Self.methods where method != .options && !allowed.contains(method) {
            on(path, method: method) { request, _ in
                let path = request.uri.path
                var response = Response(.methodNotAllowed(method: method.rawValue, path: path))
                response.headers[.allow] = list
                return response
            }
        }
    }
}
