import HocketWire
import NIOCore

/// One connection of the worker under check: says what a case wants, and records what comes.
final class CheckedWorker {
    let channel: any Channel
    var ledger = ConnectionLedger()
    private(set) var isClosed = false
    /// The last stream that was opened.
    var lastStream: StreamID?
    let options: CheckOptions
    /// When the case's time is up.
    private let deadline: NIODeadline
    private let reads: TimedInbox<ReadOutcome>
    private var decoder: FrameDecoder
    private let messages: MessageDecoder
    private let encoder = MessageEncoder()

    init(
        _ connection: PulledChannel,
        options: CheckOptions,
        limits: WireLimits,
        deadline: NIODeadline
    ) {
        channel = connection.channel
        reads = connection.reads
        self.options = options
        self.deadline = deadline
        decoder = FrameDecoder(receiver: .router, limits: limits)
        messages = MessageDecoder(limits: limits)
    }

    // MARK: Speaking

    /// Sends a message.
    func send(_ message: WireMessage, on stream: StreamID = .connection) throws {
        send(try encode(message, on: stream))
    }

    /// Sends bytes as they are.
    func send(_ bytes: ByteBuffer) {
        // What cannot be written any more shows as the connection's end when it is read.
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// Sends bytes one by one.
    func trickle(_ bytes: ByteBuffer) async throws {
        for byte in bytes.readableBytesView {
            try? await channel.writeAndFlush(ByteBuffer(bytes: [byte]))
        }
    }

    /// The frame of a message, altered if need be, which the ledger counts as sent.
    func encode(
        _ message: WireMessage,
        on stream: StreamID = .connection,
        change: (inout ByteBuffer) -> Void = { _ in }
    ) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        try encoder.encode(message, on: stream, into: &bytes)
        change(&bytes)
        ledger.sent(message, on: stream, bytes: bytes.readableBytes)
        return bytes
    }

    /// Closes the connection without a word.
    func close() async {
        isClosed = true
        try? await channel.close()
    }

    // MARK: Listening

    /// Waits until the ledger says that something has happened.
    ///
    /// - Throws: `failed` when the worker closes the connection before, or takes too long.
    func wait(
        for what: String,
        within limit: TimeAmount = .seconds(10),
        _ condition: (ConnectionLedger) -> Bool
    ) async throws {
        let end = min(NIODeadline.now() + limit, deadline)
        while !condition(ledger) {
            guard !isClosed else {
                throw CaseEnd.failed("the worker hung up\(lastWords) before \(what)")
            }
            guard try await read(until: end) else {
                throw CaseEnd.failed("\(what): not within \(limit.milliseconds) ms")
            }
        }
    }

    /// Takes what comes in so much time.
    func listen(for time: TimeAmount) async throws {
        let end = min(NIODeadline.now() + time, deadline)
        while !isClosed, try await read(until: end) {}
    }

    /// Lets time pass, and reads nothing.
    func pause(for time: TimeAmount) async throws {
        try await channel.eventLoop.scheduleTask(in: time) {}.futureResult.get()
    }

    /// Waits until the worker has closed the connection.
    func waitForEnd(within limit: TimeAmount = .seconds(5)) async throws {
        let end = min(NIODeadline.now() + limit, deadline)
        while !isClosed {
            guard try await read(until: end) else {
                throw CaseEnd.failed("the worker did not close the connection")
            }
        }
    }

    /// Reads once.
    ///
    /// - Returns: whether something came until then.
    private func read(until end: NIODeadline) async throws -> Bool {
        channel.read()
        switch try await reads.next(until: end) {
        case .bytes(let bytes): take(bytes)
        case .ended: isClosed = true
        case nil: return false
        }
        return true
    }

    private func take(_ bytes: ByteBuffer) {
        decoder.append(bytes)
        do throws(WireError) {
            while let frame = try decoder.next() { try take(frame) }
        } catch {
            ledger.violate(.frames, error.description)
            isClosed = true
            channel.close(promise: nil)
        }
        while let ping = ledger.pingsToAnswer.popLast() { try? send(.pong(ping)) }
    }

    private func take(_ frame: Frame) throws(WireError) {
        guard frame.header.type == .step else {
            ledger.received(try messages.decode(frame), on: frame.header.streamID)
            return
        }
        guard ledger.isAdmitted else { return ledger.violate(.greeting, "STEP before HELLO_ACK") }
        try messages.withStep(frame) { step throws(WireError) in
            step.forEachRow { stream, tokens, row in
                let logprobs = TokenLogprobs.all(of: row, count: tokens.count)
                ledger.received(tokens: tokens, logprobs, on: stream)
            }
        }
    }

    private var lastWords: String {
        ledger.connectionError.map { " (CONN_ERROR \($0.code): \($0.message))" } ?? ""
    }
}

extension TimeAmount {
    var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
