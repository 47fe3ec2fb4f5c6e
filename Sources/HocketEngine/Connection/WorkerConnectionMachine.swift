public import HocketWire
import NIOCore

/// The worker's end of its connection to a router: what may be sent when, and what waits.
///
/// An engine cannot pause one request, and a slow client must not slow the others, so tokens
/// beyond a stream's credit are parked here, four bytes each and their log probabilities, until
/// credit comes. A stream parks at most its own output.
public struct WorkerConnectionMachine {
    enum State {
        /// The router's HELLO has not come. Exits: expectingAck, closed.
        case expectingHello
        /// The router has not said whether the worker is in. Exits: serving, closed.
        case expectingAck
        /// Streams may be opened. Exits: draining, closed.
        case serving
        /// GOAWAY was said: streams end, none is opened. Exits: closed.
        case draining
        /// Final.
        case closed
    }

    struct Stream {
        var creditTokens: Int
        let promptTokens: Int
        /// When the router wants no more of it.
        let deadline: NIODeadline?
        /// All tokens that the engine gave.
        var producedTokens = 0
        var emittedTokens = 0
        /// Tokens that wait for credit, oldest first.
        var parked: [UInt32] = []
        /// One entry for each of them, if the stream asked for log probabilities.
        var parkedLogprobs: LogprobColumns?
        /// How the stream ended, while its last tokens are parked.
        var finish: Finish?
    }

    var state = State.expectingHello
    var streams: [StreamID: Stream] = [:]
    /// The newest stream that a SUBMIT or a QUERY came for, taken on or not.
    var newest = StreamID.connection
    let streamsMax: Int

    /// The newest stream that was taken on, 0 before the first: GOAWAY names it.
    public internal(set) var lastAccepted = StreamID.connection

    /// Creates the machine of a connection that was just made.
    public init(streamsMax: Int) {
        self.streamsMax = streamsMax
    }

    /// The streams that run or wait for credit.
    public var openStreams: Int { streams.count }

    /// The streams that the engine works on.
    public var runningStreams: Int { streams.values.count { $0.finish == nil } }

    /// Whether the worker is in and takes streams.
    public var isServing: Bool { state == .serving }

    /// Whether the worker is in, draining or not: STATUS may be sent.
    public var isAdmitted: Bool { state == .serving || state == .draining }

    /// Whether GOAWAY was said and nothing is left to do.
    public var isDrained: Bool { state == .draining && streams.isEmpty }
}

// MARK: - Connection

extension WorkerConnectionMachine {
    /// The router's HELLO was received.
    public mutating func helloReceived() throws(WireError) {
        guard state == .expectingHello else {
            throw WireError(.frameUnexpected, "a second HELLO")
        }
        state = .expectingAck
    }

    /// HELLO_ACK was received: the worker is in.
    public mutating func helloAckReceived() throws(WireError) {
        guard state == .expectingAck else {
            throw WireError(.frameUnexpected, "HELLO_ACK, which nothing called for")
        }
        state = .serving
    }

    /// A frame was received that is neither HELLO nor HELLO_ACK nor CONN_ERROR.
    ///
    /// - Throws: ``WireError`` when it came before HELLO_ACK.
    public func frameReceived(_ type: FrameType) throws(WireError) {
        guard isAdmitted else {
            throw WireError(.frameUnexpected, "\(type) before HELLO_ACK")
        }
    }

    /// The worker is about to leave, or the router asked it to: no new streams.
    ///
    /// - Returns: whether GOAWAY is to be sent; it is sent once.
    public mutating func drainStarted() -> Bool {
        guard state == .serving else { return false }
        state = .draining
        return true
    }

    /// The connection is gone.
    ///
    /// - Returns: the streams the engine must forget.
    public mutating func connectionClosed() -> [StreamID] {
        state = .closed
        let orphans = streams.filter { $0.value.finish == nil }.keys.sorted()
        streams.removeAll()
        return orphans
    }
}
