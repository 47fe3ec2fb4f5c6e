public import Harmony
public import HocketTransport
public import HocketWire

/// What the worker kit needs of an engine: start a stream, run a step, forget a stream.
///
/// An engine that gives each request's tokens as a sequence is better off as a ``TokenSource``.
///
/// The kit owns the engine and calls it from one task, never concurrently; sockets are served
/// from elsewhere, so a long step delays no PING and no CANCEL reaches the engine in the middle of
/// one. Credit, parking, counting and framing are the kit's business, and so is refusing what no
/// engine can serve: other models, prompts that are empty or leave no room in the context, ids
/// outside the vocabulary.
public protocol InferenceEngine: Sendable {
    /// What the engine is called, with its version; for operators.
    var name: String { get }

    /// The models this engine serves; the first is the default.
    var models: [ModelInfo] { get }

    /// The most streams it runs at a time.
    var streamsMax: Int { get }

    /// What it can do beyond plain generation; what is not named here is refused by the kit.
    var capabilities: Capabilities { get }

    /// What else it tells a person who asks the worker to describe itself, which is read when a
    /// connection is made; members that the kit tells already are left out.
    var details: JSONObject { get }

    /// Takes a prompt on; its first tokens may come with the next step.
    ///
    /// - Throws: ``WorkerError`` when the engine refuses it; the router gets the reason.
    mutating func start(_ generation: Generation, on stream: StreamID) throws(WorkerError)

    /// Runs one step for all streams and adds what it gave to `output`.
    ///
    /// Called while a stream runs; and, ten times a second, as long as the last step's
    /// `StepOutput.load` said that the engine takes no streams, for this is where it says that it
    /// does again. An engine that paces itself waits here.
    mutating func step(into output: inout StepOutput) async throws(WorkerError)

    /// Forgets a stream that was cancelled.
    mutating func cancel(_ stream: StreamID)

    /// Something waits for the engine: a step that waits itself should return.
    ///
    /// Called on the connection's event loop, also while a step runs; must not block.
    func interrupt()
}

extension InferenceEngine {
    /// The name of its type, unless the engine says otherwise.
    public var name: String { "\(Self.self)" }

    /// Nothing, unless the engine says otherwise.
    public var capabilities: Capabilities { [] }

    /// Nothing, unless the engine says otherwise.
    public var details: JSONObject { [:] }

    /// Nothing, unless the engine says otherwise: most steps end by themselves.
    public func interrupt() {}
}

/// One prompt and how to continue it, as it came from the router.
public struct Generation: Sendable {
    /// The model, one of the engine's.
    public var model: String
    /// The prompt's token ids.
    public var prompt: [TokenID]
    /// How tokens are drawn, and when to stop.
    public var sampling: Sampling
    /// What the text must look like, if anything was asked.
    public var constraint: Constraint?
    /// What the request is called in every log, capture and trace.
    public var requestID: RequestID
    /// Higher goes first, zero is ordinary; never anything else without the capability.
    public var priority: Int32
    /// Cached prefixes are shared with prompts of the same salt only; empty without the capability.
    public var cacheSalt: [UInt8]
    /// `traceparent` of W3C Trace Context; empty for none.
    public var traceParent: String
    /// `tracestate` of W3C Trace Context; empty for none.
    public var traceState: String

    /// Creates a generation.
    public init(
        model: String,
        prompt: [TokenID],
        sampling: Sampling = Sampling(),
        constraint: Constraint? = nil,
        requestID: RequestID = RequestID(rawValue: 0),
        priority: Int32 = 0,
        cacheSalt: [UInt8] = [],
        traceParent: String = "",
        traceState: String = ""
    ) {
        self.model = model
        self.prompt = prompt
        self.sampling = sampling
        self.constraint = constraint
        self.requestID = requestID
        self.priority = priority
        self.cacheSalt = cacheSalt
        self.traceParent = traceParent
        self.traceState = traceState
    }
}
