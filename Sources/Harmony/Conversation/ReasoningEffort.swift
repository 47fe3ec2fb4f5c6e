/// How hard a model should think before it answers.
public enum ReasoningEffort: String, Hashable, Sendable, CaseIterable {
    /// Briefly.
    case low
    /// As it was mostly trained to.
    case medium
    /// At length.
    case high
}
