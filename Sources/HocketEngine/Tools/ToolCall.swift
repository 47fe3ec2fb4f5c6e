public import HocketWire

/// One call of a tool.
public struct ToolCall: Hashable, Sendable {
    /// The tool's name on its server.
    public var name: String
    /// The arguments as the model wrote them: UTF-8 that should be a JSON object.
    ///
    /// They are checked only when the call is made, so that a model which wrote something else
    /// is told what is wrong with it.
    public var arguments: [UInt8]
    /// How long the call may take at most, counted from its start; nil for the caller's own
    /// limit, which this one cannot extend.
    public var timeLimit: Duration?
    /// The client's request on whose behalf the tool is called; nil where there is none.
    public var requestID: RequestID?
    /// The span that calls, for the server; nil where nothing is traced.
    public var trace: TraceContext?

    /// Creates a call.
    public init(
        name: String,
        arguments: [UInt8],
        timeLimit: Duration? = nil,
        requestID: RequestID? = nil,
        trace: TraceContext? = nil
    ) {
        self.name = name
        self.arguments = arguments
        self.timeLimit = timeLimit
        self.requestID = requestID
        self.trace = trace
    }
}
