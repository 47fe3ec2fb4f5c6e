/// Who speaks in a message.
///
/// The order of the cases is the order in which models obey them, tools excepted: what a system
/// message says outranks a developer message, and so on.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// The frame of the conversation: identity, dates, effort, built-in tools.
    case system
    /// What the application wants: instructions and functions.
    case developer
    /// The person.
    case user
    /// The model.
    case assistant
    /// The result of a call; the message is named after the tool.
    case tool
}
