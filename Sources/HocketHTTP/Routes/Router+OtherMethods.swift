import HTTPTypes
import Hummingbird
import OpenAIAPI

extension Router<BridgeContext> {
    /// The methods that mean something for some resource (RFC 9110 §9.3, RFC 5789).
    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .delete, .patch, .options]
    }

    /// Answers 405 to every method but those a path has, and says which it has.
    func refuseOthers(than allowed: HTTPRequest.Method..., on path: RouterPath) {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        for method in Self.methods where !allowed.contains(method) {
            on(path, method: method) { request, _ in
                let path = request.uri.path
                var response = Response(.methodNotAllowed(method: method.rawValue, path: path))
                response.headers[.allow] = list
                return response
            }
        }
    }
}
