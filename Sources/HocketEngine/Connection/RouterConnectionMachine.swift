public import HocketWire
import NIOCore

/// The router's end of one worker connection: which frame may come when, and what follows.
///
/// Events are past-tense facts; each returns what must be done now. Three kinds of surprise are
/// told apart: a bug of ours traps, a fault of the worker ends its stream or its connection, and
/// a benign race (tokens that were under way when a stream was cancelled) is dropped and counted.
///
/// The machine is generic over what it hands tokens to, so that it needs no socket to be tested.
public struct RouterConnectionMachine<Recipient> {
    /// The state of the connection.
    enum State {
        /// Nothing but the worker's HELLO may come. Exits: serving, closed.
        case expectingHello
        /// Streams may be opened. Exits: draining, closed.
        case serving
        /// The worker or the router said GOAWAY: streams end, none is opened. Exits: closed.
        case draining
        /// Final.
        case closed
    }

    /// The state of one stream.
    @usableFromInline
    struct Stream {
        /// Who gets the tokens; nil once the stream is cancelled and only its FINISH awaited.
        @usableFromInline var recipient: Recipient?
        /// Who cancelled it, and waits for its FINISH all the same.
        var waiting: Recipient?
        @usableFromInline var credit: CreditWindow
        /// When the router takes the matter of its deadline into its own hands.
        var expiresAt: NIODeadline?
        /// When CANCEL was sent.
        var cancelledAt: NIODeadline?
        /// Tokens received so far; FINISH must name the same number.
        @usableFromInline var receivedTokens = 0
        /// The worker said ACCEPT: the stream is its own now.
        @usableFromInline var isAccepted = false

        /// What it had got when time was last counted, if it was owed more then.
        var progress: Progress?
        /// For how long it has been owed something since it last got something.
        var owedFor = TimeAmount.zero

        var orphan: Orphan? {
            if let waiting { return Orphan(recipient: waiting, hadTokens: true) }
            return recipient.map { Orphan(recipient: $0, hadTokens: receivedTokens > 0) }
        }
    }

    /// What is left of a stream that its worker did not finish.
    public struct Orphan {
        /// Who waits for the rest.
        public var recipient: Recipient
        /// Whether tokens had come; without, another worker can take the stream's place and nobody
        /// notices.
        ///
        /// A stream that was cancelled counts as one that had.
        public var hadTokens: Bool
    }

    var state = State.expectingHello
    private var workerHasSaidGoAway = false
    @usableFromInline var streams = StreamTable<Stream>()
    /// The id of the next stream; nil when ids are used up.
    var nextStream: StreamID?
    let windowTokens: Int

    /// Questions that the worker has not answered.
    var queries: Set<StreamID> = []
    /// The newest question of the worker.
    var newestQueryOfWorker = StreamID.connection

    /// Tokens that came for streams nobody listens to any more.
    public internal(set) var droppedTokens = 0

    /// Creates the machine of a connection that was just accepted.
    ///
    /// - Parameters:
    ///   - windowTokens: the credit each stream starts with.
    ///   - firstStream: the id of the first stream.
    public init(windowTokens: Int, firstStream: StreamID = .firstOfRouter) {
        precondition(firstStream.opener == .router, "stream \(firstStream) is not the router's")
        self.windowTokens = windowTokens
        nextStream = firstStream
    }

    /// The number of streams that still await their FINISH.
    public var openStreams: Int { streams.count }

    /// Whether neither side has said GOAWAY, and streams are opened.
    public var isServing: Bool { state == .serving }

    /// Whether the worker's HELLO is still to come.
    public var isExpectingHello: Bool { state == .expectingHello }

    /// Whether the connection can open no stream any more, and must be replaced.
    public var hasUsedUpStreamIDs: Bool { nextStream == nil }
}

// MARK: - Connection

extension RouterConnectionMachine {
    /// The worker's HELLO was received and found acceptable.
    ///
    /// - Throws: ``WireError`` when it is not the first frame.
    public mutating func helloReceived() throws(WireError) {
        guard state == .expectingHello else {
            throw WireError(.frameUnexpected, "a second HELLO")
        }
        state = .serving
    }

    /// A frame other than HELLO was received.
    ///
    /// - Throws: ``WireError`` when it came before HELLO.
    public func frameReceived(_ type: FrameType) throws(WireError) {
        guard state != .expectingHello else {
            throw WireError(.frameUnexpected, "\(type) before HELLO")
        }
    }

    /// The worker said GOAWAY.
    ///
    /// - Parameter lastAccepted: the newest stream it will finish; 0 for none.
    /// - Returns: what is left of newer streams: each may be placed on another worker, unless it
    ///   was cancelled.
    /// - Throws: ``WireError`` when it said so before.
    public mutating func goAwayReceived(
        lastAccepted: StreamID
    ) throws(WireError) -> [Orphan] {
        guard !workerHasSaidGoAway else { throw WireError(.frameUnexpected, "a second GOAWAY") }
        workerHasSaidGoAway = true
        guard state == .serving || state == .draining else { return [] }
        state = .draining
        let refused = streams.removeAll { id, stream in !stream.isAccepted && id > lastAccepted }
        return refused.compactMap(\.orphan)
    }

    /// The router said GOAWAY: no stream is opened any more.
    public mutating func goAwaySent() {
        if state != .closed { state = .draining }
    }

    /// The worker reported that it drains: no stream is opened any more.
    ///
    /// Those that it has not accepted yet it will refuse, unless a GOAWAY tells before.
    public mutating func drainReported() {
        if state == .serving { state = .draining }
    }

    /// The connection is gone.
    ///
    /// - Returns: the streams that end with it and have a recipient left, the oldest first.
    public mutating func connectionClosed() -> [Orphan] {
        state = .closed
        return streams.removeAll { _, _ in true }.compactMap(\.orphan)
    }
}

extension RouterConnectionMachine.Orphan: Equatable where Recipient: Equatable {}
