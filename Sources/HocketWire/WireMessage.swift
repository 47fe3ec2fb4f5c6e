/// The content of a frame as a plain value: every type but STEP.
///
/// STEP is the one frame that comes a thousand times a second; it is read in place with
/// ``StepView`` and written with ``StepBuilder``.
public enum WireMessage: Hashable, Sendable {
    /// Who is there.
    case hello(Hello)
    /// The router takes the worker.
    case helloAck(HelloAck)
    /// Opens a stream.
    case submit(Submit)
    /// The worker takes the stream.
    case accept(Accept)
    /// The end of a stream.
    case finish(Finish)
    /// The router wants no more of a stream.
    case cancel(Cancel)
    /// The receiver may send more.
    case credit(Credit)
    /// Are you there?
    case ping(Ping)
    /// The answer to it.
    case pong(Ping)
    /// No new streams.
    case goAway(GoAway)
    /// A worker's health and load.
    case status(WorkerStatus)
    /// What a worker tells unasked.
    case event(WorkerEvent)
    /// A question.
    case query(Query)
    /// The answer to it.
    case reply(Reply)
    /// A stream is over, and why.
    case streamError(Status)
    /// The connection is over, and why.
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
