import HocketEngine
import HocketTransport
import Testing

extension TestRouter {
    /// Waits until so many workers are attached.
    ///
    /// The pool has no event for that: it is asked again and again.
    func waitForWorkers(_ count: Int) async throws {
        try await waitUntil("\(count) workers are attached") { pool.workerCount == count }
    }
}

/// Asks again and again whether something is so, for a minute at most: machines may be busy.
func waitUntil(_ condition: String, _ isSo: () -> Bool) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(60)
    while !isSo() {
        try #require(clock.now < deadline, "not within a minute: \(condition)")
        try await clock.sleep(for: .milliseconds(1))
    }
}
