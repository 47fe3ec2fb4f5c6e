/// What an assistant's message is for.
public enum MessagePhase: String, Hashable, Sendable, CaseIterable {
    /// Words on the way to the answer: Harmony's commentary channel without a recipient.
    case commentary
    /// The answer: Harmony's final channel.
    case finalAnswer = "final_answer"
}
