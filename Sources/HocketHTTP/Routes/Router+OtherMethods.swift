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
    ///
    /// - Parameter left: methods that have routes of their own and are not to be named.
    func refuseOthers(
        than allowed: HTTPRequest.Method...,
        leaving left: Set<HTTPRequest.Method> = [],
        on path: RouterPath
    ) {
        let list = (allowed + [.options]).map(\.rawValue).joined(separator: ", ")
        on(path, method: .options) { _, _ in Response(status: .noContent, headers: [.allow: list]) }
        let others = Set(Self.methods).subtracting(allowed + [.options]).subtracting(left)
        for method in others {
            on(path, method: method) { request, _ in Response(refusing: request, allowing: list) }
        }
    }
}

extension Response {
    /// The answer to a request with a method that its path does not have.
    ///
    /// - Parameter list: the methods that it has.
    init(refusing request: Request, allowing list: String) {
        self.init(.methodNotAllowed(method: request.method.rawValue, path: request.uri.path))
        headers[.allow] = list
    }
}
