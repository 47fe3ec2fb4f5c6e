import HocketEngine
import NIOCore
import Synchronization

/// How a response that is made in the background comes to a worker.
extension BackgroundResponse {
    /// A response's place at a worker.
    struct Placing {
        /// When it was asked for, which is the response's start.
        let startedAt: NIODeadline
        /// The place, or why there is none.
        var result: Result<any Admission, EngineError>

        /// The place, if there is one.
        var admission: (any Admission)? { try? result.get() }
    }

    /// The model that makes it.
    var model: String { prepared.model }

    /// Asks for a place at a worker, unless that was done before.
    ///
    /// - Returns: whether it has to be waited for.
    func askForWorker() -> Bool {
        guard state.withLock({ $0.phase == .waiting && $0.placing == nil }) else { return false }
        let startedAt = NIODeadline.now()
        let placing = Placing(
            startedAt: startedAt,
            result: prepared.askForWorker(startingAt: startedAt)
        )
        let isWaiting = placing.admission?.isWaiting ?? false
        return state.withLock { state in
            // Stopped meanwhile, it lets go of its place.
            guard state.phase == .waiting else { return false }
            state.placing = placing
            return isWaiting
        }
    }

    /// Waits until a worker has room, none will have in time, or the response is stopped.
    func waitForWorker() async {
        guard let admission = state.withLock({ $0.placing?.admission }) else { return }
        do throws(EngineError) {
            try await admission.wait()
        } catch {
            state.withLock { $0.placing?.result = .failure(error) }
        }
    }

    /// A worker has room, but it is not the response's turn: others may have that room.
    func letOthersGoFirst() {
        state.withLock { $0.placing?.admission }?.pause()
    }
}
