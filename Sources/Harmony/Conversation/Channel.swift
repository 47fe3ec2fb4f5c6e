/// Which of a speaker's channels a message is on.
///
/// Models know three, and small ones sometimes invent others (llama.cpp#27720), so any text is a
/// channel.
public struct Channel: RawRepresentable, Hashable, Sendable {
    /// The name as it stands in the header.
    public let rawValue: String

    /// Creates a channel with any name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Reasoning, not meant for the person.
    public static let analysis = Channel(rawValue: "analysis")
    /// Calls of functions, and what the model tells the person between them.
    public static let commentary = Channel(rawValue: "commentary")
    /// The answer.
    public static let final = Channel(rawValue: "final")
}

extension Channel: ExpressibleByStringLiteral {
    /// Creates a channel from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}
