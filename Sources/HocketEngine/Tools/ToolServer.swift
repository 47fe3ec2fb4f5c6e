/// A tool server, as a request names it, with what identifies the request to it.
///
/// Two values are equal when they mean the same server with the same credentials, and only such
/// share a connection. The headers and the token go to this server alone; no description of the
/// value shows them.
public struct ToolServer: Hashable, Sendable {
    /// Where a server is.
    public enum Location: Hashable, Sendable {
        /// A server that the operator configured, by its label.
        case configured(label: String)
        /// A server that the request brought along.
        case url(String)
    }

    /// A header field for the server's HTTP requests.
    public struct Header: Hashable, Sendable {
        /// The field's name.
        public var name: String
        /// The field's value; a secret.
        public var value: String

        /// Creates a field.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Where the server is.
    public var location: Location
    /// Header fields that the request gave for this server.
    public var headers: [Header]
    /// The token that the request gave for this server (`authorization`), without its scheme.
    public var authorization: String?

    /// Creates a reference to a server.
    public init(location: Location, headers: [Header] = [], authorization: String? = nil) {
        self.location = location
        self.headers = headers
        self.authorization = authorization
    }
}

extension ToolServer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The label, or the URL without its query and user, in which secrets may be.
    public var description: String {
        switch location {
        case .configured(let label): label
        case .url(let url): Self.redacted(url)
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the description, so that no dump shows a secret.
    public var customMirror: Mirror { Mirror(self, children: ["server": description]) }

    private static func redacted(_ url: String) -> String {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        guard let at = path.lastIndex(of: "@") else { return String(path) }
        return "…" + path[at...]
    }
}

extension ToolServer.Header: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The name; the value is a secret.
    public var description: String { "\(name): (redacted)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the description, so that no dump shows the value.
    public var customMirror: Mirror { Mirror(self, children: ["header": description]) }
}
