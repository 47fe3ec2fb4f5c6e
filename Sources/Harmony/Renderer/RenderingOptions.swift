/// The choices that a renderer is made with.
///
/// The defaults are what the models themselves write. ``reference`` is what `openai-harmony` 0.0.8
/// makes of the same conversation, byte for byte.
public struct RenderingOptions: Hashable, Sendable {
    /// How the headers of messages are laid out.
    public enum Layout: Hashable, Sendable {
        /// As models write them, so that a model finds its own past as it left it
        /// (openai/harmony#49, #62).
        ///
        /// A call has its channel first, and `<|constrain|>` before the type of its arguments:
        /// `assistant<|channel|>commentary to=functions.f <|constrain|>json`. It alone ends with
        /// `<|call|>`. A tool without a recipient speaks to the model, and one without a channel
        /// on commentary.
        case modelNative
        /// As `openai-harmony` 0.0.8 lays them out (<doc:Format>): the recipient before the
        /// channel, the content type as it was given, and nothing filled in.
        case reference
    }

    /// Which messages on the analysis channel are left out of a conversation.
    public enum AnalysisDrop: Hashable, Sendable {
        /// Reasoning of finished turns is left out: what is older than the last final answer
        /// before the last message of the user. The current turn keeps all of it, however many
        /// calls it is made of (vllm#45048).
        case perTurn
        /// The rule of `openai-harmony` 0.0.8: if the last message of the model is final, what is
        /// older than the *first* final message is left out, otherwise nothing.
        case reference
        /// Nothing is left out.
        case keepAll
    }

    /// How the headers of messages are laid out.
    public var layout: Layout

    /// Which messages on the analysis channel are left out of a conversation.
    public var analysisDrop: AnalysisDrop

    /// Creates options.
    public init(layout: Layout = .modelNative, analysisDrop: AnalysisDrop = .perTurn) {
        self.layout = layout
        self.analysisDrop = analysisDrop
    }

    /// What `openai-harmony` 0.0.8 does unless it is told otherwise.
    public static let reference = RenderingOptions(layout: .reference, analysisDrop: .reference)
}
