/// Why a response was cut off (`incomplete_details.reason`).
public struct IncompleteReason: RawRepresentable, Hashable, Sendable {
    /// The word on the wire.
    public let rawValue: String

    /// Creates a reason from the word on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The limit on the response's tokens, or the model's context, was reached.
    public static let maxOutputTokens = IncompleteReason(rawValue: "max_output_tokens")
    /// The limit on tool calls, on rounds or on the time for them was reached, and the model went
    /// on calling tools instead of answering.
    public static let maxMessages = IncompleteReason(rawValue: "max_messages")
}
