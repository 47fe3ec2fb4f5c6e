/// SUBMIT, router to worker: opens a stream and asks for tokens.
public struct Submit: Hashable, Sendable {
    /// What the request is called everywhere.
    public var requestID: RequestID
    /// One of the worker's models; empty for its default.
    public var model: String
    /// The prompt.
    ///
    /// It travels behind the message, four bytes an id.
    public var prompt: [UInt32]
    /// How many tokens the worker may send before the first CREDIT.
    public var creditTokens: Int
    /// How long the worker has, from the receipt of the frame; nil for as long as it takes.
    public var deadlineNanoseconds: UInt64?
    /// How to choose tokens.
    public var sampling: Sampling
    /// What the text must look like; nil when it is free.
    public var constraint: Constraint?
    /// Higher goes first; zero is ordinary.
    public var priority: Int32
    /// Prompts share cached prefixes only with prompts of the same salt.
    public var cacheSalt: [UInt8]
    /// W3C Trace Context; empty for none.
    public var traceParent: String
    /// W3C Trace Context; empty for none.
    public var traceState: String

    /// Creates a SUBMIT.
    public init(
        requestID: RequestID,
        model: String = "",
        prompt: [UInt32],
        creditTokens: Int,
        deadlineNanoseconds: UInt64? = nil,
        sampling: Sampling = Sampling(),
        constraint: Constraint? = nil,
        priority: Int32 = 0,
        cacheSalt: [UInt8] = [],
        traceParent: String = "",
        traceState: String = ""
    ) {
        self.requestID = requestID
        self.model = model
        self.prompt = prompt
        self.creditTokens = creditTokens
        self.deadlineNanoseconds = deadlineNanoseconds
        self.sampling = sampling
        self.constraint = constraint
        self.priority = priority
        self.cacheSalt = cacheSalt
        self.traceParent = traceParent
        self.traceState = traceState
    }
}
