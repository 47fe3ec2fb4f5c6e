import HocketEngine
import Synchronization

/// The responses that are being made, so that a process can end in order.
///
/// Once it drains, requests are refused; the responses that run have time to end, and those that
/// take longer are interrupted and end as failed.
public final class RunningResponses: Sendable {
    private struct State {
        var isDraining = false
        var isInterrupted = false
        var nextID: UInt64 = 0
        /// Ends each that runs.
        var interruptions: [UInt64: @Sendable () -> Void] = [:]
        var onIdle: CheckedContinuation<Void, Never>?

        mutating func whoWaitsForIdle() -> CheckedContinuation<Void, Never>? {
            guard interruptions.isEmpty else { return nil }
            defer { onIdle = nil }
            return onIdle
        }
    }

    private let state = Mutex(State())

    init() {}

    /// Whether requests are refused because the process is about to end.
    public var isDraining: Bool { state.withLock { $0.isDraining } }

    /// The number of responses that are being made.
    public var count: Int { state.withLock { $0.interruptions.count } }

    /// Takes no requests from now on.
    public func refuseRequests() {
        state.withLock { $0.isDraining = true }
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

    /// Runs the sampling of a response.
    ///
    /// In a task of its own, since it is ended without the request that waits for it: the client is
    /// still to be told.
    func run(
        _ sampling: @escaping @Sendable () async -> EngineError?
    ) async -> EngineError? {
        let task = Task { await sampling() }
        let id = insert { task.cancel() }
        let failure = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        let wasInterrupted = remove(id)
        return wasInterrupted ? failure.map { _ in .interrupted } : failure
    }

    private func insert(_ interruption: @escaping @Sendable () -> Void) -> UInt64 {
        let (id, isLate) = state.withLock { state in
            state.nextID += 1
            state.interruptions[state.nextID] = interruption
            return (state.nextID, state.isInterrupted)
        }
        if isLate { interruption() }
        return id
    }

    private func remove(_ id: UInt64) -> Bool {
        let (waiter, wasInterrupted) = state.withLock { state in
            state.interruptions[id] = nil
            return (state.whoWaitsForIdle(), state.isInterrupted)
        }
        waiter?.resume()
        return wasInterrupted
    }

    private func interruptAll() -> Int {
        let interruptions = state.withLock { state in
            state.isInterrupted = true
            return Array(state.interruptions.values)
        }
        for interrupt in interruptions { interrupt() }
        return interruptions.count
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

extension EngineError {
    /// The process ended before the response did.
    fileprivate static let interrupted = EngineError(
        code: .unavailable,
        message: "The server shut down before the response was complete.",
        isRetryable: true
    )
}
