import NIOCore

/// Decides what becomes of the messages of one WebSocket: one at a time is answered, some wait.
///
/// It begins as if one were being answered, until whoever answers asks for the first.
struct MessageTurns<Message> {
    /// Why a socket is closed whose client did nothing wrong.
    enum End: Hashable {
        /// It is as old as it may get; so many messages will not be answered.
        case lifetimeOver(unanswered: Int)
        /// The process is about to end.
        case shutDown
    }

    /// Why a message is not answered.
    enum Refusal: Hashable {
        case tooMany
        /// The process is about to end.
        case shutDown
    }

    /// What to do when something happened.
    enum Action {
        case wait
        /// Hand the message to whoever answers.
        case answer(Message)
        /// Tell the client that so many messages are not answered.
        case refuse(Refusal, count: Int)
        /// Tell the client, and close the socket.
        case close(End)
        /// Tell whoever answers that there is nothing more to answer.
        case stop
    }

    private let waitingMax: Int
    private var waiting = CircularBuffer<Message>()
    private var isAnswering = true
    private var lifetimeIsOver = false
    private var isShuttingDown = false
    /// Whether nothing is answered any more.
    private(set) var isOver = false

    /// - Parameter waitingMax: so many messages may wait while another is answered.
    init(waitingMax: Int) {
        self.waitingMax = waitingMax
    }

    /// A whole message came.
    mutating func messageArrived(_ message: Message) -> Action {
        if isOver { return .wait }
        if !isAnswering {
            isAnswering = true
            return .answer(message)
        }
        if isShuttingDown { return .refuse(.shutDown, count: 1) }
        guard waiting.count < waitingMax else { return .refuse(.tooMany, count: 1) }
        waiting.append(message)
        return .wait
    }

    /// The message was answered, and the next one is asked for.
    mutating func messageAnswered() -> Action {
        if isOver { return .stop }
        if lifetimeIsOver { return close(.lifetimeOver(unanswered: waiting.count)) }
        if let next = waiting.popFirst() { return .answer(next) }
        if isShuttingDown { return close(.shutDown) }
        isAnswering = false
        return .wait
    }

    /// The socket is as old as it may get.
    mutating func lifetimeEnded() -> Action {
        lifetimeIsOver = true
        return isAnswering || isOver ? .wait : close(.lifetimeOver(unanswered: 0))
    }

    /// The process is about to end: only the message that is being answered still is.
    mutating func shutdownBegan() -> Action {
        isShuttingDown = true
        guard isAnswering, !isOver else { return isOver ? .wait : close(.shutDown) }
        guard !waiting.isEmpty else { return .wait }
        defer { waiting.removeAll() }
        return .refuse(.shutDown, count: waiting.count)
    }

    /// The socket is closed, or the client is gone.
    mutating func socketClosed() {
        isOver = true
        waiting.removeAll()
    }

    private mutating func close(_ end: End) -> Action {
        socketClosed()
        return .close(end)
    }
}
