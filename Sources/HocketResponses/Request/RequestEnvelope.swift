public import HocketEngine
public import HocketWire
public import NIOCore

/// What a request comes with besides its body.
public struct RequestEnvelope: Sendable {
    /// The request's id in logs, frames and captures.
    public var id: RequestID
    /// The span that the request is, for workers and tool servers; nil where nothing is traced.
    public var trace: TraceContext?
    /// When the request came.
    public var arrivedAt: NIODeadline
    /// How long its caller will wait from then on; nil for as long as the operator lets it.
    public var timeout: TimeAmount?
    /// What its connection remembers; nil where each request stands for itself.
    public var chain: ResponseChain?

    /// Creates an envelope.
    public init(
        id: RequestID,
        trace: TraceContext? = nil,
        arrivedAt: NIODeadline = .now(),
        timeout: TimeAmount? = nil,
        chain: ResponseChain? = nil
    ) {
        self.id = id
        self.trace = trace
        self.arrivedAt = arrivedAt
        self.timeout = timeout
        self.chain = chain
    }
}
