public import HocketEngine
public import HocketWire

/// What a request comes with besides its body.
public struct RequestEnvelope: Sendable {
    /// The request's id in logs, frames and captures.
    public var id: RequestID
    /// The span that the request is, for workers and tool servers; nil where nothing is traced.
    public var trace: TraceContext?

    /// Creates an envelope.
    public init(id: RequestID, trace: TraceContext? = nil) {
        self.id = id
        self.trace = trace
    }
}
