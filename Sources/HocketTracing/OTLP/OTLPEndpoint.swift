/// Where a collector takes spans over OTLP/HTTP.
public struct OTLPEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// The URL of the collector, without the path of a signal.
    private let base: String

    /// Reads the URL of a collector, such as `http://127.0.0.1:4318`; nil for anything else.
    ///
    /// It has no user, query or fragment, in which secrets may be.
    public init?(_ text: String) {
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }) else {
            return nil
        }
        var rest = text.dropFirst(scheme.count)
        guard let first = rest.utf8.first, first != UInt8(ascii: "/"),
            rest.utf8.allSatisfy({ 0x21...0x7E ~= $0 }),
            !rest.contains(where: { "@?#\\".contains($0) })
        else { return nil }
        while rest.last == "/" { rest.removeLast() }
        base = scheme + rest
    }

    /// Where spans are posted (OTLP/HTTP: the default path of trace data).
    var traces: String { "\(base)/v1/traces" }

    /// The URL as it was given, without a slash at its end.
    public var description: String { base }
}
