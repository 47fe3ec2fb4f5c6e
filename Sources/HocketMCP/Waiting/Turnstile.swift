import HocketEngine
import Synchronization

/// Lets one task at a time through, in the order in which they came.
///
/// Unlike a lock it may be held over a suspension, and a task that is cancelled leaves the queue.
final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var queue: [OneShot<Void>] = []
    }

    private let state = Mutex(State())

    /// Runs `body` when everybody before has passed.
    ///
    /// - Throws: ``ToolError`` `cancelled` when cancelled before its turn; what `body` throws.
    func pass<Value>(
        _ body: () async throws(ToolError) -> Value
    ) async throws(ToolError) -> Value {
        try await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async throws(ToolError) {
        let place = state.withLock { state -> OneShot<Void>? in
            guard state.isTaken else {
                state.isTaken = true
                return nil
            }
            let place = OneShot<Void>()
            state.queue.append(place)
            return place
        }
        try await place?.value()
    }

    /// Lets the next one through that still waits.
    private func leave() {
        state.withLock { state in
            while !state.queue.isEmpty {
                // A task that was cancelled has settled its place already.
                if state.queue.removeFirst().settle(.success(())) { return }
            }
            state.isTaken = false
        }
    }
}
