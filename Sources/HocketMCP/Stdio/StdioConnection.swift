import HocketEngine
import Synchronization

/// The messages of one run of a program: what waits to be written, and who waits for an answer.
final class StdioConnection: Sendable {
    private struct State {
        var receiver: MessageReceiver?
        var waiting: [JSONRPCID: OneShot<ClientAnswer>] = [:]
        var lines: MessageLineReader
        var isOver = false
        var attachments = 0
    }

    /// Lines for the program, in order.
    let outbox: AsyncStream<[UInt8]>
    /// Settled when the program is to end.
    let stop = OneShot<Void>()
    private let outboxEnd: AsyncStream<[UInt8]>.Continuation
    private let state: Mutex<State>

    /// A program with which no conversation could be opened this often is stuck.
    private static let attachmentsMax = 3
    /// A program that does not read its input may leave this many messages waiting.
    private static let outboxMessagesMax = 256

    init(limits: ArrivalLimits) {
        state = Mutex(State(lines: MessageLineReader(limits: limits)))
        (outbox, outboxEnd) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.outboxMessagesMax)
        )
    }

    /// Messages that arrive from now on are for this receiver.
    ///
    /// - Returns: false when the program has been attached to too often: a conversation with it
    ///   is opened anew only when opening it failed before.
    func attach(_ receiver: @escaping MessageReceiver) -> Bool {
        state.withLock { state in
            state.receiver = receiver
            state.attachments += 1
            return state.attachments <= Self.attachmentsMax
        }
    }

    /// Writes a request and waits for its answer.
    func exchange(_ request: ClientRequest) async throws(TransportFailure) -> ClientAnswer {
        let answer = OneShot<ClientAnswer>()
        let isOver = state.withLock { state in
            if !state.isOver { state.waiting[request.id] = answer }
            return state.isOver
        }
        guard !isOver else { throw Self.ended }
        defer { state.withLock { $0.waiting[request.id] = nil } }
        try write(request.message)
        do throws(ToolError) {
            return try await answer.value()
        } catch {
            throw TransportFailure(error, error.code == .unreachable ? .lost : .kept)
        }
    }

    /// Puts a message into the outbox.
    func write(_ message: JSONRPCMessage) throws(TransportFailure) {
        switch outboxEnd.yield(message.bytes + [UInt8(ascii: "\n")]) {
        case .enqueued: return
        case .terminated: throw Self.ended
        case .dropped: throw TransportFailure(Self.unread, .kept)
        @unknown default: throw TransportFailure(Self.unread, .kept)
        }
    }

    /// Bytes came from the program.
    func received(_ bytes: Span<UInt8>) {
        let (lines, receiver) = state.withLock { ($0.lines.read(bytes), $0.receiver) }
        for line in lines {
            switch line {
            case .text(let text): received(line: text, receiver)
            // Whose answer it was cannot be told any more.
            case .tooLarge(let error): settleAll(.failure(error))
            }
        }
    }

    /// The program has ended.
    func ended(_ error: ToolError) {
        state.withLock { $0.isOver = true }
        outboxEnd.finish()
        settleAll(.failure(error))
    }

    /// Many programs write other things to their output too; such lines are skipped.
    private func received(line: [UInt8], _ receiver: MessageReceiver?) {
        guard let receiver, let messages = try? JSONRPCMessage.messages(in: line) else { return }
        for message in messages {
            switch receiver(message, nil) {
            case .answer(let id, let answer):
                state.withLock { $0.waiting[id] }?.settle(.success(answer))
            case .reply(let reply):
                // A reply for which there is no room is missed by those who do not read.
                try? write(reply)
            case .progress, .toolsChanged, .ignored: break
            }
        }
    }

    private func settleAll(_ result: Result<ClientAnswer, ToolError>) {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for answer in waiting { answer.settle(result) }
    }

    private static var ended: TransportFailure {
        let error = ToolError(code: .unreachable, message: "the server is not running")
        return TransportFailure(error, .notDelivered)
    }

    private static var unread: ToolError {
        ToolError(
            code: .overloaded,
            message: "the server does not read its input (\(outboxMessagesMax) messages wait)"
        )
    }
}
