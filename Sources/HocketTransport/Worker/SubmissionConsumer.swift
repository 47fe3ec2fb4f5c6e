public import HocketWire

/// Takes what a router asks of a worker; called on the connection's event loop, must not block.
public protocol SubmissionConsumer: Sendable {
    /// The router opened a stream.
    func submitted(_ submit: Submit, on stream: StreamID)

    /// Nobody wants the rest of a stream.
    func cancelled(_ stream: StreamID)
}
