/// What a frame is, and thereby who may send it on which stream.
public enum FrameType: UInt8, Hashable, Sendable, CaseIterable {
    /// Who is there; the first frame of each side.
    case hello = 1
    /// The router takes the worker.
    case helloAck = 2
    /// Opens a stream: a prompt, and how to go on from it.
    case submit = 3
    /// The worker takes the stream.
    case accept = 4
    /// The new tokens of all streams.
    case step = 5
    /// The end of a stream.
    case finish = 6
    /// The router wants no more of a stream.
    case cancel = 7
    /// The receiver may send more: tokens, or bytes.
    case credit = 8
    /// Are you there?
    case ping = 9
    /// The answer to it.
    case pong = 10
    /// No new streams.
    case goAway = 11
    /// A worker's health and load.
    case status = 12
    /// What a worker tells unasked.
    case event = 13
    /// A question.
    case query = 14
    /// The answer to it.
    case reply = 15
    /// A stream is over, and why.
    case streamError = 16
    /// The connection is over, and why.
    case connectionError = 17
}

extension FrameType {
    /// Whether this side may send frames of this type at all.
    public func maySend(_ sender: Role) -> Bool {
        switch self {
        case .helloAck, .submit, .cancel: sender == .router
        case .accept, .step, .finish, .status, .event: sender == .worker
        case .hello, .credit, .ping, .pong, .goAway, .query, .reply, .streamError,
            .connectionError:
            true
        }
    }

    /// Whether this side may send a frame of this type on this stream.
    public func belongs(on stream: StreamID, from sender: Role) -> Bool {
        switch self {
        case .hello, .helloAck, .step, .ping, .pong, .goAway, .status, .event, .connectionError:
            stream == .connection
        case .submit, .accept, .finish, .cancel:
            stream.opener == .router
        case .credit:
            sender == .router ? stream.opener == .router : stream == .connection
        case .query:
            stream.opener == sender
        case .reply:
            stream.opener == sender.peer
        case .streamError:
            stream != .connection
        }
    }

    /// Whether the rate of these frames is limited: they cost a receiver something and carry no
    /// tokens.
    public var isControl: Bool {
        switch self {
        case .ping, .credit, .cancel, .status, .event, .query: true
        case .hello, .helloAck, .submit, .accept, .step, .finish, .pong, .goAway, .reply,
            .streamError, .connectionError:
            false
        }
    }

    /// Whether raw bytes may follow the message: the prompt of a SUBMIT.
    public var mayHaveTail: Bool { self == .submit }
}

extension FrameType: CustomStringConvertible {
    /// The name in `Protos/PROTOCOL.md`.
    public var description: String {
        switch self {
        case .hello: "HELLO"
        case .helloAck: "HELLO_ACK"
        case .submit: "SUBMIT"
        case .accept: "ACCEPT"
        case .step: "STEP"
        case .finish: "FINISH"
        case .cancel: "CANCEL"
        case .credit: "CREDIT"
        case .ping: "PING"
        case .pong: "PONG"
        case .goAway: "GOAWAY"
        case .status: "STATUS"
        case .event: "EVENT"
        case .query: "QUERY"
        case .reply: "REPLY"
        case .streamError: "STREAM_ERROR"
        case .connectionError: "CONN_ERROR"
        }
    }
}
