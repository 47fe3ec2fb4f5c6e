import Harmony
import HocketWire
import Synchronization

/// Where the tasks of a ``TokenSource`` leave their tokens until the engine's next step.
///
/// Each holds at most one token, and goes on when that was taken: what nobody takes does not pile
/// up.
final class TokenInbox: Sendable {
    /// What a stream has for the next step.
    enum Item: Sendable {
        case token(TokenID)
        /// There are no more; because of an error, if there was one.
        case end(WorkerError?)
    }

    private struct State {
        var open: Set<StreamID> = []
        var items: [StreamID: Item] = [:]
        /// Those whose token waits.
        var producers: [StreamID: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())
    /// Rings once for whatever came since the last look.
    private let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation

    init() {
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: What the engine does

    /// A stream may leave tokens from now on.
    func open(_ stream: StreamID) {
        state.withLock { _ = $0.open.insert(stream) }
    }

    /// Nobody wants what a stream leaves any more.
    func close(_ stream: StreamID) {
        let producer = state.withLock { state in
            state.open.remove(stream)
            state.items[stream] = nil
            return state.producers.removeValue(forKey: stream)
        }
        producer?.resume(returning: false)
    }

    /// Returns when something has come, when somebody rang, or when the task is cancelled.
    func wait() async {
        for await _ in bell { return }
    }

    func ring() { ringer.yield() }

    /// Takes what has come, by ascending streams, and asks for more.
    func take() -> [(stream: StreamID, item: Item)] {
        let (items, producers) = state.withLock { state in
            defer {
                state.items.removeAll(keepingCapacity: true)
                state.producers.removeAll(keepingCapacity: true)
            }
            return (state.items, Array(state.producers.values))
        }
        for producer in producers { producer.resume(returning: true) }
        return items.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    // MARK: What a stream's task does

    /// Leaves a token; returns when it was taken.
    ///
    /// - Returns: whether more are wanted.
    func put(_ token: TokenID, on stream: StreamID) async -> Bool {
        await withCheckedContinuation { producer in
            let isOpen = state.withLock { state in
                guard state.open.contains(stream) else { return false }
                state.items[stream] = .token(token)
                state.producers[stream] = producer
                return true
            }
            if isOpen { ring() } else { producer.resume(returning: false) }
        }
    }

    /// There are no more tokens.
    func end(_ stream: StreamID, _ error: WorkerError?) {
        state.withLock { state in
            guard state.open.contains(stream) else { return }
            state.items[stream] = .end(error)
        }
        ring()
    }
}
