import HocketEngine

/// The URL of a tool server, in the narrow form that every reader understands in the same way.
///
/// What is connected to is decided here, and the HTTP client reads the URL a second time; were
/// the two to disagree about the host, the address policy would be asked about the wrong one. So
/// only a small part of RFC 3986 is taken: no user, no fragment, no escapes in the host.
struct ServerURL: Hashable, Sendable {
    /// Whether the URL begins with `http:`.
    let isPlain: Bool
    /// A name in lower case, or an address without brackets.
    let host: String
    /// The host's address, if that is what the URL names.
    let literalAddress: IPAddress?
    /// The port, 80 or 443 if the URL names none.
    let port: Int
    /// The path with its query; begins with a slash.
    let target: String

    private static let bytesMax = 8192

    /// Reads a URL.
    ///
    /// - Throws: ``ToolError`` `notAllowed`, which does not repeat the URL.
    init(_ text: String) throws(ToolError) {
        guard text.utf8.count <= Self.bytesMax else {
            throw Self.refusal("it has more than \(Self.bytesMax) bytes")
        }
        guard let schemeEnd = text.firstRange(of: "://") else {
            throw Self.refusal("it has no scheme")
        }
        isPlain = try Self.isPlain(scheme: text[..<schemeEnd.lowerBound].lowercased())
        let rest = text[schemeEnd.upperBound...]
        let authorityEnd = rest.firstIndex { "/?#\\".contains($0) } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        (host, literalAddress) = try Self.host(of: authority)
        port = try Self.port(of: authority) ?? (isPlain ? 80 : 443)
        target = try Self.target(rest[authorityEnd...])
    }

    /// The values in the query, which may be secrets.
    var queryValues: [String] {
        target.drop { $0 != "?" }.dropFirst().split(separator: "&").map { pair in
            String(pair.split(separator: "=", maxSplits: 1).last ?? pair)
        }
    }

    /// The URL, written anew from its parts.
    var text: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return "\(isPlain ? "http" : "https")://\(host):\(port)\(target)"
    }
}

extension ServerURL {
    private static func isPlain(scheme: String) throws(ToolError) -> Bool {
        switch scheme {
        case "http": return true
        case "https": return false
        default: throw refusal("its scheme is not https")
        }
    }

    private static func host(of authority: Substring) throws(ToolError) -> (String, IPAddress?) {
        guard !authority.contains("@") else {
            throw refusal("it has a user; credentials belong into headers")
        }
        if authority.hasPrefix("[") {
            let text = String(authority.dropFirst().prefix { $0 != "]" })
            guard let address = IPAddress(text), address.bitCount == 128,
                authority.contains("]")
            else { throw refusal("its host is no address of IPv6") }
            return (text.lowercased(), address)
        }
        let name = authority.prefix { $0 != ":" }.lowercased()
        let isName = name.utf8.allSatisfy(isNameByte) && !name.isEmpty && name.utf8.count <= 253
        guard isName else { throw refusal("its host is no name") }
        return (name, IPAddress(name))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func port(of authority: Substring) throws(ToolError) -> Int? {
        let afterHost =
            authority.hasPrefix("[")
            ? authority.drop { $0 != "]" }.dropFirst()
            : authority.drop { $0 != ":" }
        guard !afterHost.isEmpty else { return nil }
        let digits = afterHost.dropFirst()
        guard afterHost.hasPrefix(":"), digits.utf8.count <= 5, digits.utf8.allSatisfy(isDigit),
            let port = Int(digits), (1...65535).contains(port)
        else { throw refusal("its port is not 1 to 65535") }
        return port
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func target(_ text: Substring) throws(ToolError) -> String {
        guard text.utf8.allSatisfy(isTargetByte) else {
            throw refusal("its path has bytes that must be escaped, or a fragment")
        }
        return text.hasPrefix("/") ? String(text) : "/" + text
    }

    /// RFC 3986 §3.3 and §3.4: unreserved, escapes, and what may stand between.
    private static func isTargetByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default:
            isDigit(byte) || "-._~%!$&'()*+,;=:@/?".utf8.contains(byte)
        }
    }

    private static func refusal(_ why: String) -> ToolError {
        ToolError(code: .notAllowed, message: "the server's URL cannot be used: \(why)")
    }
}
