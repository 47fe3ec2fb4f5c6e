import HocketEngine
import NIOHTTP1

/// The header fields that a request gave for a server, checked.
///
/// They go into every HTTP request to this server and nowhere else.
struct CredentialHeaders: Sendable {
    let fields: HTTPHeaders

    /// Fields that belong to the connection or to the protocol, not to the caller.
    private static let reserved: Set<String> = [
        "accept", "accept-encoding", "connection", "content-encoding", "content-length",
        "content-type", "expect", "host", "keep-alive", "last-event-id", "mcp-method", "mcp-name",
        "mcp-protocol-version", "mcp-session-id", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// Checks the fields of a server; a later one replaces an earlier one, and the token is the
    /// earliest.
    ///
    /// - Throws: ``ToolError`` `notAllowed`, which names the field but not its value.
    init(_ server: ToolServer) throws(ToolError) {
        var fields = HTTPHeaders()
        if let token = server.authorization {
            guard HeaderValue.isValue(token), !token.isEmpty else {
                throw Self.refusal("authorization", "it is not one line of text")
            }
            fields.replaceOrAdd(name: "authorization", value: Self.authorization(token))
        }
        for header in server.headers {
            let name = header.name.lowercased()
            guard HeaderValue.isName(name), !Self.reserved.contains(name),
                !name.hasPrefix("mcp-param-")
            else { throw Self.refusal(header.name, "its name cannot be used") }
            guard HeaderValue.isValue(header.value) else {
                throw Self.refusal(header.name, "its value is not one line of text")
            }
            fields.replaceOrAdd(name: name, value: header.value)
        }
        self.fields = fields
    }

    /// The values, and the tokens in them, which stand behind their scheme.
    var secrets: [String] {
        fields.flatMap { field in
            [field.value]
                + field.value.split(separator: " ", maxSplits: 1).dropFirst().map(String.init)
        }
    }

    /// Callers give the token alone; one that brought its scheme along keeps it.
    private static func authorization(_ token: String) -> String {
        token.contains(" ") ? token : "Bearer \(token)"
    }

    private static func refusal(_ name: String, _ why: String) -> ToolError {
        ToolError(
            code: .notAllowed,
            message: "the header '\(name.prefix(64))' cannot be sent to the server: \(why)"
        )
    }
}
