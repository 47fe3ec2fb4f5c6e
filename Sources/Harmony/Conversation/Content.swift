/// One part of a message.
public enum Content: Hashable, Sendable {
    /// Text, shown to the model as it is.
    case text(String)
    /// The frame of the conversation; allowed in system messages only.
    case system(SystemContent)
    /// Instructions and functions; allowed in developer messages only.
    case developer(DeveloperContent)
}
