import HocketEngine
import Synchronization

/// A value that one task waits for and another one brings, at most once.
///
/// Waiting ends with the value, with an error that is brought in its place, or with
/// ``ToolError/Code/cancelled`` when the waiting task is cancelled; whichever comes first.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Result<Value, ToolError>, Never>)
        case settled(Result<Value, ToolError>)
    }

    private let state = Mutex(State.empty)

    /// Brings the value, or the error.
    ///
    /// - Returns: whether it was the first; if not, nothing has changed.
    @discardableResult
    func settle(_ result: Result<Value, ToolError>) -> Bool {
        let (isFirst, waiter) = state.withLock { state in Self.settle(&state, result) }
        waiter?.resume(returning: result)
        return isFirst
    }

    /// Waits; to be called once.
    func value() async throws(ToolError) -> Value {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let settled = state.withLock { state in Self.wait(&state, continuation) }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            settle(.failure(.cancelled))
        }
        return try result.get()
    }

    private static func settle(
        _ state: inout State,
        _ result: Result<Value, ToolError>
    ) -> (Bool, CheckedContinuation<Result<Value, ToolError>, Never>?) {
        switch state {
        case .settled: return (false, nil)
        case .empty:
            state = .settled(result)
            return (true, nil)
        case .waiting(let continuation):
            state = .settled(result)
            return (true, continuation)
        }
    }

    private static func wait(
        _ state: inout State,
        _ continuation: CheckedContinuation<Result<Value, ToolError>, Never>
    ) -> Result<Value, ToolError>? {
        switch state {
        case .settled(let result): return result
        case .empty:
            state = .waiting(continuation)
            return nil
        case .waiting: preconditionFailure("one task waits for a value")
        }
    }
}

extension ToolError {
    /// The task was cancelled.
    static var cancelled: ToolError {
        ToolError(code: .cancelled, message: "the call was cancelled")
    }
}
