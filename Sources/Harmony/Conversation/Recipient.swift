/// Whom a message is for, the `to=` of a header.
public struct Recipient: RawRepresentable, Hashable, Sendable {
    /// The name as it stands after `to=`.
    public let rawValue: String

    /// Creates a recipient with any name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The model; results of tools are for it.
    public static let assistant = Recipient(rawValue: "assistant")
    /// The person.
    public static let user = Recipient(rawValue: "user")
    /// Everybody, which headers do not spell out.
    public static let all = Recipient(rawValue: "all")

    /// A function that the application declared: `functions.` and its name.
    public static func function(_ name: String) -> Recipient {
        Recipient(rawValue: "functions.\(name)")
    }

    /// Whether a message to this recipient is a call, rather than something said.
    ///
    /// Everything is a tool except the model, the person, everybody and the empty name
    /// (vllm#42454).
    public var isTool: Bool {
        switch self {
        case .assistant, .user, .all, "": false
        default: true
        }
    }
}

extension Recipient: ExpressibleByStringLiteral {
    /// Creates a recipient from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}
