import HocketEngine
import Synchronization

/// Ends that the store did not take when they came.
extension BackgroundResponses {
    /// Keeps the ends that the store did not take, as soon as it does.
    ///
    /// Cancelled, it tries a last time: what is not kept then, the next process ends.
    func keepUnkeptEnds() async {
        for await _ in unkeptEnds.raised {
            var pause = Self.pauseMin
            while await !hasKeptAll() {
                do { try await clock.sleep(for: pause) } catch { break }
                pause = min(pause * 2, Self.pauseMax)
            }
        }
        _ = await hasKeptAll()
    }

    /// Tries to keep all ends that are not.
    private func hasKeptAll() async -> Bool {
        for response in state.withLock({ $0.unkept }) {
            guard await response.keepUnkeptEnd() else { continue }
            state.withLock { state in
                state.unkept.removeAll { $0 === response }
                state.responses[response.id] = nil
            }
        }
        return state.withLock { $0.unkept.isEmpty }
    }
}
