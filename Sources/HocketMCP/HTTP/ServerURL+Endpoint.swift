import HocketEngine

extension ServerURL {
    /// Reads where a server of HTTP+SSE wants messages: a URL, or a reference to one relative to
    /// its own (RFC 3986 §4.2).
    ///
    /// It must have the server's origin: credentials go there, and the addresses of no other host
    /// were checked.
    ///
    /// - Throws: ``ToolError`` `notAllowed`.
    init(endpoint: String, of server: ServerURL) throws(ToolError) {
        try self.init(Self.absolute(endpoint, server))
        let isSameOrigin =
            isPlain == server.isPlain && host == server.host && port == server.port
        guard isSameOrigin else {
            throw ToolError(
                code: .notAllowed,
                message: "the server wants messages to be sent to another origin"
            )
        }
    }

    private static func absolute(_ endpoint: String, _ server: ServerURL) -> String {
        let scheme = server.isPlain ? "http" : "https"
        if let mark = endpoint.firstIndex(where: { ":/?#".contains($0) }), endpoint[mark] == ":" {
            return endpoint
        }
        if endpoint.hasPrefix("//") { return "\(scheme):\(endpoint)" }
        let path = String(server.target.prefix { $0 != "?" })
        let origin = String(server.text.dropLast(server.target.count))
        if endpoint.hasPrefix("/") { return origin + endpoint }
        if endpoint.hasPrefix("?") { return origin + path + endpoint }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return origin + folder + endpoint
    }
}
