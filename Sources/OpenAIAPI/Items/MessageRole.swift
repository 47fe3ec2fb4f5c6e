/// Who wrote a message (`role`).
public enum MessageRole: String, Hashable, Sendable, CaseIterable {
    /// The person or program that asks.
    case user
    /// The model.
    case assistant
    /// Instructions, in the older word.
    case system
    /// Instructions, in the newer word.
    case developer
}
