import HocketEngine
public import OpenAIAPI
import Synchronization

/// The responses that are being made, so that a process can end in order.
///
/// A request counts from the moment it is looked at to the end of its answer. Once the process
/// drains, requests are refused, and with them those that wait for their turn and were answered
/// nothing yet: their clients can ask another process at once. The others have time to end, and
/// those that take longer are interrupted and end as failed.
public final class RunningResponses: Sendable {
    /// When a process that ends cuts a request short.
    enum Moment: Hashable {
        /// As soon as requests are refused: it was answered nothing so far.
        case refusal
        /// When the time is over that responses have to end.
        case interruption
    }

    private struct Entry {
        /// What cuts the request short, and when; nil while nothing can.
        var cut: (moment: Moment, action: @Sendable () -> Void)?
        /// Why it was cut short, if it was.
        var reason: EngineError?
    }

    private struct State {
        var isDraining = false
        var isInterrupted = false
        var nextID: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
        var onIdle: CheckedContinuation<Void, Never>?

        mutating func whoWaitsForIdle() -> CheckedContinuation<Void, Never>? {
            guard entries.isEmpty else { return nil }
            defer { onIdle = nil }
            return onIdle
        }

        /// Cuts requests short whose moment has come.
        ///
        /// - Returns: what does it.
        mutating func cut(
            _ ids: some Sequence<UInt64>,
            where isMeant: (Moment) -> Bool,
            because reason: EngineError
        ) -> [@Sendable () -> Void] {
            ids.compactMap { id in
                guard let cut = entries[id]?.cut, isMeant(cut.moment) else { return nil }
                entries[id] = Entry(reason: reason)
                return cut.action
            }
        }
    }

    private let state = Mutex(State())

    init() {}

    /// Whether requests are refused because the process is about to end.
    public var isDraining: Bool { state.withLock { $0.isDraining } }

    /// Whether the time is over that responses have to end.
    var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

    /// The number of requests that are under way.
    public var count: Int { state.withLock { $0.entries.count } }

    /// Takes no requests from now on, and refuses those that were answered nothing yet and wait.
    public func refuseRequests() {
        let actions = state.withLock { state in
            state.isDraining = true
            return state.cut(state.entries.keys, where: { $0 == .refusal }, because: .shuttingDown)
        }
        for action in actions { action() }
    }

    /// Takes no requests from now on, and returns when no response is being made any more.
    ///
    /// - Parameters:
    ///   - timeout: how long responses may take before they are interrupted.
    ///   - clock: measures it.
    /// - Returns: the number of responses that were interrupted.
    public func drain(
        within timeout: Duration,
        clock: some Clock<Duration> = .continuous
    ) async -> Int {
        refuseRequests()
        return await withTaskGroup(of: Int.self) { tasks in
            tasks.addTask {
                // Cancelled when there is nothing left to wait for.
                do { try await clock.sleep(for: timeout) } catch { return 0 }
                return self.interruptAll()
            }
            await waitUntilIdle()
            tasks.cancelAll()
            return await tasks.reduce(0, +)
        }
    }

    /// What a request is refused with once the process drains: 503.
    public static var refusal: APIError {
        .unavailable(EngineError.shuttingDown.message, retryAfterSeconds: 1)
    }

    /// Counts a request from now on.
    ///
    /// - Throws: ``APIError`` with status 503 once the process drains.
    func begin() throws(APIError) -> Place {
        let id = state.withLock { state -> UInt64? in
            guard !state.isDraining else { return nil }
            state.nextID += 1
            state.entries[state.nextID] = Entry()
            return state.nextID
        }
        guard let id else { throw Self.refusal }
        return Place(id, in: self)
    }

    private func interruptAll() -> Int {
        let (count, actions) = state.withLock { state in
            state.isInterrupted = true
            let ids = state.entries.keys
            return (ids.count, state.cut(ids, where: { _ in true }, because: .interrupted))
        }
        for action in actions { action() }
        return count
    }

    private func waitUntilIdle() async {
        await withCheckedContinuation { continuation in
            let waiter = state.withLock { state in
                state.onIdle = continuation
                return state.whoWaitsForIdle()
            }
            waiter?.resume()
        }
    }
}

extension RunningResponses {
    /// A request's place among those that are under way; it is given back once, by ``release()`` or
    /// by letting go of the object.
    final class Place: Sendable {
        private let id: UInt64
        private let running: RunningResponses

        fileprivate init(_ id: UInt64, in running: RunningResponses) {
            self.id = id
            self.running = running
        }

        deinit { release() }

        /// The request is answered, or somebody else counts it.
        func release() {
            let waiter = running.state.withLock { state in
                state.entries[id] = nil
                return state.whoWaitsForIdle()
            }
            waiter?.resume()
        }

        /// Why the request was cut short; nil if it was not.
        var cutReason: EngineError? { running.state.withLock { $0.entries[id]?.reason } }

        /// Lets the end of the process cut the request short from now on, at once if its moment has
        /// come already.
        ///
        /// - Parameter action: called at most once.
        func mayBeCut(at moment: Moment, by action: @escaping @Sendable () -> Void) {
            let actions = running.state.withLock { state in
                state.entries[id]?.cut = (moment, action)
                if state.isInterrupted {
                    return state.cut([id], where: { _ in true }, because: .interrupted)
                }
                guard state.isDraining else { return [] }
                return state.cut([id], where: { $0 == .refusal }, because: .shuttingDown)
            }
            for action in actions { action() }
        }

        /// Lets nothing cut the request short for now.
        func mayNotBeCut() {
            running.state.withLock { $0.entries[id]?.cut = nil }
        }

        /// Runs the sampling of the response.
        ///
        /// In a task of its own, since it is ended without the request that waits for it: the
        /// client is still to be told.
        func run(
            _ sampling: @escaping @Sendable () async -> EngineError?
        ) async -> EngineError? {
            let task = Task { await sampling() }
            mayBeCut(at: .interruption) { task.cancel() }
            let failure = await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
            mayNotBeCut()
            return failure.map { cutReason ?? $0 }
        }
    }
}

extension EngineError {
    /// The process ends, and the request was answered nothing so far.
    fileprivate static let shuttingDown = EngineError(
        code: .unavailable,
        message: "The server is shutting down.",
        isRetryable: true
    )

    /// The process ended before the response did.
    fileprivate static let interrupted = EngineError(
        code: .unavailable,
        message: "The server shut down before the response was complete.",
        isRetryable: true
    )
}
