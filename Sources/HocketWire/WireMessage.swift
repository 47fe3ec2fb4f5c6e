/// The content of a frame as a plain value: every type but STEP.
///
/// STEP is the one frame that comes a thousand times a second; it is read in place with
/// ``StepView`` and written with ``StepBuilder``.
public enum WireMessage: Hashable, Sendable {
    case hello(Hello)
    case helloAck(HelloAck)
    case submit(Submit)
    case accept(Accept)
    case finish(Finish)
    case cancel(Cancel)
    case credit(Credit)
    case ping(Ping)
    case pong(Ping)
    case goAway(GoAway)
    case status(WorkerStatus)
    case event(WorkerEvent)
    case query(Query)
    case reply(Reply)
    case streamError(Status)
    case connectionError(Status)

    /// The type of the frame that carries it.
    public var frameType: FrameType {
        switch self {
        case .hello: .hello
        case .helloAck: .helloAck
        case .submit: .submit
        case .accept: .accept
        case .finish: .finish
        case .cancel: .cancel
        case .credit: .credit
        case .ping: .ping
        case .pong: .pong
        case .goAway: .goAway
        case .status: .status
        case .event: .event
        case .query: .query
        case .reply: .reply
        case .streamError: .streamError
        case .connectionError: .connectionError
        }
    }
}
