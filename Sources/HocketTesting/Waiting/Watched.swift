import Synchronization

/// A value that any thread may change and that a test can wait for.
public final class Watched<Value: Sendable>: Sendable {
    private struct Watcher {
        let id: Int
        let condition: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Value, any Error>
    }

    private struct State {
        var value: Value
        var watchers: [Watcher] = []
        var nextID = 0
    }

    private let state: Mutex<State>

    /// Creates a value.
    public init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    /// The value as it is.
    public var value: Value { state.withLock { $0.value } }

    /// Changes the value, and tells those who waited for that.
    public func change(_ body: (inout Value) -> Void) {
        let (value, fulfilled) = state.withLock { state in
            body(&state.value)
            let value = state.value
            let fulfilled = state.watchers.filter { $0.condition(value) }
            if !fulfilled.isEmpty { state.watchers.removeAll { $0.condition(value) } }
            return (value, fulfilled)
        }
        for watcher in fulfilled { watcher.continuation.resume(returning: value) }
    }

    /// Returns the value as soon as it fulfils a condition.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first, which is what happens to a
    ///   test whose time is up.
    @discardableResult
    public func wait(until condition: @escaping @Sendable (Value) -> Bool) async throws -> Value {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let watcher = Watcher(id: id, condition: condition, continuation: continuation)
                resume(continuation, with: add(watcher))
            }
        } onCancel: {
            resume(remove(id), with: .failure(CancellationError()))
        }
    }

    /// Lets a watcher wait, unless there is nothing to wait for.
    private func add(_ watcher: Watcher) -> Result<Value, any Error>? {
        state.withLock { state in
            if watcher.condition(state.value) { return .success(state.value) }
            // Whoever was cancelled before it is in the list has not been found there.
            if Task.isCancelled { return .failure(CancellationError()) }
            state.watchers.append(watcher)
            return nil
        }
    }

    private func remove(_ id: Int) -> CheckedContinuation<Value, any Error>? {
        state.withLock { state in
            let index = state.watchers.firstIndex { $0.id == id }
            return index.map { state.watchers.remove(at: $0).continuation }
        }
    }

    private func resume(
        _ continuation: CheckedContinuation<Value, any Error>?,
        with result: Result<Value, any Error>?
    ) {
        if let continuation, let result { continuation.resume(with: result) }
    }
}
