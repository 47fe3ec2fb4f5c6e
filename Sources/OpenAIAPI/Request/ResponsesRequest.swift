public import Harmony

/// The body of `POST /v1/responses`, checked; <doc:Parameters> lists its members.
///
/// What the models served here have no use for is kept only if the response echoes it. Unknown
/// members are ignored.
public struct ResponsesRequest: Sendable {
    /// The model, as the caller calls it.
    public var model: String
    /// What the caller adds to the conversation; a string is one user message.
    public var input: [ResponseItem]
    /// Instructions for this response only; not inherited by those that continue it.
    public var instructions: String?

    /// Whether the answer comes as events.
    public var stream = false
    /// Whether delta events carry a random string that hides their length.
    public var includesObfuscation = false
    /// Whether the request returns at once and the response is made meanwhile.
    public var background = false
    /// Whether the response can be retrieved and continued later.
    public var store = true

    /// The response that this one continues.
    public var previousResponseID: String?
    /// The conversation that this response belongs to.
    public var conversationID: String?

    /// What the response shall hold beyond the usual.
    public var include: Set<IncludeField> = []
    /// How much the model shall think.
    public var reasoning = ReasoningOptions()
    /// What form the answer shall have.
    public var text = TextOptions()
    /// How tokens are drawn.
    public var sampling = SamplingOptions()
    /// The most tokens the response may have, reasoning included.
    public var maxOutputTokens: Int?

    /// What the model may call.
    public var tools: [Tool] = []
    /// Whether the model may, must or must not call something.
    public var toolChoice = ToolChoice.auto
    /// Whether the model may call several functions in one turn.
    public var parallelToolCalls = true
    /// The most calls that this server makes for the model in one response.
    public var maxToolCalls: Int?

    /// Whether the oldest items may be dropped when the input does not fit.
    public var truncation = Truncation.disabled
    /// The caller's own notes, echoed.
    public var metadata = JSONObject()
    /// Who asks, in the caller's words, echoed.
    public var labels = CallerLabels()
    /// The service tier, echoed.
    public var serviceTier = "default"

    /// The parameter that holds the input, as errors name it: a chat request's is `messages`.
    public internal(set) var inputParameter = "input"

    /// Whether the answer's tokens are told with their probabilities: they are asked for by name,
    /// or by how many alternatives of each shall be told.
    public var wantsLogprobs: Bool {
        include.contains(.outputTextLogprobs) || sampling.topLogprobs > 0
    }

    /// The parameter that asks for the probabilities, as errors name it: a chat request's is
    /// `logprobs`.
    public var logprobsParameter: String {
        include.contains(.outputTextLogprobs) ? includeParameter : "top_logprobs"
    }

    /// The parameter that fills ``include``.
    var includeParameter = "include"

    /// The MCP servers among the tools, in the order of their declaration.
    public var servers: [MCPTool] {
        tools.compactMap { tool in
            if case .mcp(let server) = tool { server } else { nil }
        }
    }

    /// The types of its tools that this server does not offer, each once, in their order.
    public var unservedToolTypes: [String] {
        var types: [String] = []
        for type in tools.flatMap(\.unservedTypes) where !types.contains(type) {
            types.append(type)
        }
        return types
    }

    /// Creates a request with every default.
    public init(model: String, input: [ResponseItem]) {
        self.model = model
        self.input = input
    }

    /// What happens when the input does not fit the model's context.
    public enum Truncation: String, Hashable, Sendable, CaseIterable {
        /// The oldest items are dropped.
        case auto
        /// The request fails.
        case disabled
    }

    /// Strings by which a caller tells its users and prompts apart.
    public struct CallerLabels: Hashable, Sendable {
        /// The older word for a user.
        public var user: String?
        /// A stable name for a user that says nothing about them.
        public var safetyIdentifier: String?
        /// A name for requests that share a prefix.
        public var promptCacheKey: String?
    }
}
