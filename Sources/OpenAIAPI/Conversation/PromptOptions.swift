/// What the server, not the caller, puts into a prompt.
public struct PromptOptions: Hashable, Sendable {
    /// The first line of the system message.
    public var modelIdentity: String
    /// Up to when the model knows the world.
    public var knowledgeCutoff: String?
    /// Today's date in UTC, `2025-06-28`; nil leaves the line out, which keeps prefix caches warm
    /// over midnight.
    public var currentDate: String?

    /// Creates options; identity and cutoff are what the models were trained with.
    public init(
        modelIdentity: String = "You are ChatGPT, a large language model trained by OpenAI.",
        knowledgeCutoff: String? = "2024-06",
        currentDate: String?
    ) {
        self.modelIdentity = modelIdentity
        self.knowledgeCutoff = knowledgeCutoff
        self.currentDate = currentDate
    }
}
