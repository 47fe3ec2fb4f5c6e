public import Harmony
public import NIOCore

/// Turns what a model says into the events and the object of one response.
///
/// One machine makes streamed and plain answers, so that the plain object equals the last event of
/// the streamed one. It is told facts, in the order in which they happen:
///
///     responseQueued?  responseStarted
///     ( listingStarted  listingFinished | listingFailed )*  callAllowed*
///     ( callFinished*  roundStarted  ( tokenReceived  Harmony events )*  roundFinished )*
///     callFinished*  responseFinished | responseFailed | responseCancelled
///
/// A response is one round of sampling, or several with tool calls between them. Numbers, ids and
/// indexes run through all rounds. Items open one after the other. A call which is made here is
/// finished only after the round that asked for it, so that what the model said after it is told
/// then. Every item that was opened is closed before the response ends.
///
/// Facts append whole events to a buffer that the caller takes with ``withOutput(_:)``. A delta of
/// plain text costs no allocation.
public struct ResponseEventMachine: Sendable {
    var events: EventWriter
    var snapshot: ResponseSnapshot
    var identifiers: ResponseIdentifiers
    var format: any AnswerFormat
    var tools: ToolRules
    let check: AnswerCheck?
    let reasoningExtras: ReasoningExtras
    /// What else the answer should be.
    let advice: AnswerCheck?
    let padsDeltas: Bool
    /// What the caller wants to see of calls that are made here.
    let include: Set<IncludeField>

    /// The item being written, from its first event to its last.
    var openItem: OpenItem?
    /// The list of tools that a server is being asked for.
    var openListing: MCPListToolsItem?
    /// The places in the output of the calls that have to be made.
    var heldIndexes: [Int] = []
    /// What the model said after the first of them, which is told when that call is finished.
    var untold: [WrittenItem] = []
    /// What the next text of the current message means.
    var flow = Flow.ignored
    /// The text of the open item so far.
    var text: [UInt8] = []
    /// How likely the open item's tokens were, as far as that was told.
    var logprobs: [TokenLogprob] = []
    /// The same of tokens whose text has not been told yet.
    var untoldLogprobs = UntoldLogprobs()
    /// The constant parts of the open item's delta events.
    var frame = DeltaFrame.none
    /// Whether the response waited for a worker.
    var wasQueued = false
    /// What is known of the current round.
    var round = Round()
    /// Tokens counted so far.
    var usage = ResponseUsage()

    /// Rounds in which the model did not do what was asked for, whether it was asked again or the
    /// response failed for it.
    public internal(set) var unansweredRounds = 0

    /// Why the answer of a complete response does not follow the schema that it should follow.
    ///
    /// Only what is asked for with `strict` is a demand; the API has no place for this.
    public internal(set) var adviceViolation: String?

    /// What was repaired in the model's output, at most ``repairsKeptMax`` of it.
    public private(set) var repairs: [HarmonyDiagnostic] = []
    /// Repairs of the model's output that are kept, the first ones.
    public static let repairsKeptMax = 16

    /// What the text of the current message means.
    enum Flow: Hashable, Sendable {
        /// Nothing to anybody.
        case ignored
        /// Its first byte opens an item of this kind; a message without text is no item.
        case awaited(OpenItem.Kind)
        /// It belongs to the open item.
        case streaming
        /// It belongs to the open item, which is told when it is whole, or later.
        case gathered
    }

    /// How the machine writes.
    public struct Options: Hashable, Sendable {
        /// Whether events are written; otherwise only ``ResponseEventMachine/responseObject`` is
        /// of use.
        public var isStreaming: Bool
        /// The vocabulary of the events.
        public var dialect: ResponseDialect

        /// Creates options.
        public init(isStreaming: Bool, dialect: ResponseDialect = .openAI) {
            self.isStreaming = isStreaming
            self.dialect = dialect
        }
    }

    /// Creates the machine of one response.
    ///
    /// - Parameters:
    ///   - request: The request, for what the response repeats of it.
    ///   - model: The name of the model that answers.
    ///   - tools: The tools that the model was shown.
    ///   - identifiers: Where ids come from; the response has its ``ResponseIdentifiers/response``.
    ///   - createdAt: Now, in seconds since 1970.
    ///   - options: How to write.
    ///   - seal: Encrypts reasoning for a caller that asks for it; without one nobody gets it so.
    public init(
        request: ResponsesRequest,
        model: String,
        tools: ToolCatalog,
        identifiers: ResponseIdentifiers,
        createdAt: Int,
        options: Options,
        seal: ReasoningSeal? = nil
    ) {
        self.identifiers = identifiers
        self.tools = ToolRules(request, catalog: tools)
        format = ResponsesFormat(
            echo: ResponseEcho(request, model: model),
            dialect: options.dialect,
            padsDeltas: request.includesObfuscation
        )
        padsDeltas = request.includesObfuscation
        include = request.include
        check = AnswerCheck(request.text.format)
        reasoningExtras = ReasoningExtras(request, seal: seal)
        advice = AnswerCheck.advice(of: request.text.format)
        events = EventWriter(isStreaming: options.isStreaming)
        snapshot = ResponseSnapshot(id: identifiers.response, createdAt: createdAt)
    }

    /// Creates the machine of one chat completion, which is told the same facts.
    ///
    /// - Parameters:
    ///   - chat: The request; it says whether chunks are written.
    ///   - model: The name of the model that answers.
    ///   - tools: The tools that the model was shown.
    ///   - identifiers: Where ids come from; the completion has its
    ///     ``ResponseIdentifiers/chatCompletion``.
    ///   - createdAt: Now, in seconds since 1970.
    public init(
        chat: ChatRequest,
        model: String,
        tools: ToolCatalog,
        identifiers: ResponseIdentifiers,
        createdAt: Int
    ) {
        self.identifiers = identifiers
        self.tools = ToolRules(chat.response, catalog: tools)
        format = ChatFormat(
            id: identifiers.chatCompletion,
            createdAt: createdAt,
            model: model,
            includesUsage: chat.includesUsage,
            isJSON: chat.response.text.format != .text
        )
        include = []
        check = AnswerCheck(chat.response.text.format)
        reasoningExtras = ReasoningExtras()
        advice = AnswerCheck.advice(of: chat.response.text.format)
        padsDeltas = false
        events = EventWriter(isStreaming: chat.stream)
        snapshot = ResponseSnapshot(id: identifiers.chatCompletion, createdAt: createdAt)
    }

    /// Creates the machine of one compaction, which is told the same facts.
    ///
    /// - Parameters:
    ///   - compaction: The request, with everything said before it.
    ///   - identifiers: Where ids come from; the compaction has its
    ///     ``ResponseIdentifiers/response``.
    ///   - createdAt: Now, in seconds since 1970.
    ///   - seal: Encrypts the summary.
    public init(
        compaction: CompactionRequest,
        identifiers: ResponseIdentifiers,
        createdAt: Int,
        seal: ReasoningSeal
    ) {
        var identifiers = identifiers
        tools = ToolRules(compaction.response, catalog: ToolCatalog(compaction.response))
        format = CompactionFormat(of: compaction, identifiers: &identifiers, seal: seal)
        self.identifiers = identifiers
        include = []
        check = nil
        reasoningExtras = ReasoningExtras()
        advice = nil
        padsDeltas = false
        events = EventWriter(isStreaming: false)
        snapshot = ResponseSnapshot(id: identifiers.response, createdAt: createdAt)
    }

    /// The response's id.
    public var id: String { snapshot.id }

    /// How far the response has come.
    public var status: ResponseStatus { snapshot.status }

    /// Why the response failed, if it did.
    public var error: ResponseError? { snapshot.error }

    /// The items that are done, in order.
    public var items: [ResponseItem] { snapshot.output }

    /// Lends the buffer to which events are appended, none of them in part, to a caller that sends
    /// it and empties it, or puts room for framing before the first event.
    public mutating func withOutput<Result>(_ body: (inout ByteBuffer) -> Result) -> Result {
        events.withOutput(body)
    }

    /// The response as it stands, as JSON: the whole answer when it is not streamed.
    public var responseObject: ByteBuffer { object(as: .shown) }

    /// The same with all that is remembered of its items, as it is stored;
    /// ``ToolExchange/removed(from:)`` makes one of the other.
    public var keptObject: ByteBuffer { object(as: .kept) }

    private func object(as form: ItemForm) -> ByteBuffer {
        var json = JSONWriter()
        format.writeObject(snapshot, as: form, to: &json)
        return json.buffer
    }

    /// Notes a repair of the model's output.
    public mutating func repaired(_ diagnostic: HarmonyDiagnostic) {
        guard repairs.count < Self.repairsKeptMax else { return }
        repairs.append(diagnostic)
    }
}
