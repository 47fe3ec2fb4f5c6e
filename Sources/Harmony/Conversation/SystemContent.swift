/// The frame of a conversation: who the model is, how hard it should think, what it can use.
///
/// Nothing is added to what is set here: a `SystemContent()` renders as an empty message
/// (TensorRT-LLM#9188). ``standard`` is what the models were trained with.
public struct SystemContent: Hashable, Sendable {
    /// The first line: who the model is.
    public var modelIdentity: String?

    /// How hard the model should think.
    public var reasoningEffort: ReasoningEffort?

    /// The tools that are built into the model, by key; written in the byte order of the keys.
    public var tools: [String: ToolNamespace]

    /// Today's date for the model, as the caller writes it; models were trained on `2025-06-28`.
    public var conversationStartDate: String?

    /// The date up to which the model knows the world, as the caller writes it.
    public var knowledgeCutoff: String?

    /// The channels that the model may use.
    public var channelConfig: ChannelConfig?

    /// Creates a frame from its parts; what is left out is not rendered.
    public init(
        modelIdentity: String? = nil,
        reasoningEffort: ReasoningEffort? = nil,
        tools: [String: ToolNamespace] = [:],
        conversationStartDate: String? = nil,
        knowledgeCutoff: String? = nil,
        channelConfig: ChannelConfig? = nil
    ) {
        self.modelIdentity = modelIdentity
        self.reasoningEffort = reasoningEffort
        self.tools = tools
        self.conversationStartDate = conversationStartDate
        self.knowledgeCutoff = knowledgeCutoff
        self.channelConfig = channelConfig
    }

    /// The frame that the models were trained with: identity, knowledge cutoff, medium effort and
    /// the three channels; no date and no tools.
    public static let standard = SystemContent(
        modelIdentity: "You are ChatGPT, a large language model trained by OpenAI.",
        reasoningEffort: .medium,
        knowledgeCutoff: "2024-06",
        channelConfig: .standard
    )
}
