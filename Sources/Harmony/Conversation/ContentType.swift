/// What kind of text the content of a message is.
///
/// Models constrain what they write next by putting the marker `<|constrain|>` before the type.
/// In a header the marker is a token of its own; here, as in the reference's model, it is the
/// first part of the text.
public struct ContentType: RawRepresentable, Hashable, Sendable {
    /// The spelling of the marker.
    static let marker = "<|constrain|>"

    /// The type, with the marker if it has one.
    public let rawValue: String

    /// Creates a type from its text, which may begin with the marker.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Arguments of functions, as models write them: `<|constrain|>json`.
    public static let json = ContentType(rawValue: marker + "json")
    /// Source text for a built-in tool, as models write it: `code`, without the marker.
    public static let code = ContentType(rawValue: "code")

    /// Whether the type stands behind `<|constrain|>`.
    public var isConstrained: Bool { rawValue.utf8.starts(with: Self.marker.utf8) }

    /// The type without the marker.
    public var name: Substring {
        guard isConstrained else { return rawValue[...] }
        return Substring(rawValue.utf8.dropFirst(Self.marker.utf8.count))
    }
}

extension ContentType: ExpressibleByStringLiteral {
    /// Creates a type from a literal, which may begin with the marker.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}
