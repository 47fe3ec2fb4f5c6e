public import HocketWire

/// Takes what a router asks of a worker; called on the connection's event loop, must not block.
public protocol SubmissionConsumer: Sendable {
    /// The router opened a stream; whoever takes its prompt says so with
    /// ``RouterConnection/taken(_:)``, which gives the router's window back.
    func submitted(_ submit: Submit, on stream: StreamID)

    /// Nobody wants the rest of a stream; one that was not taken yet need not be begun.
    func cancelled(_ stream: StreamID)
}
