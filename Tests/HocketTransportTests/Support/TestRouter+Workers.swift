import HocketEngine
import HocketTransport
import Testing

extension TestRouter {
    /// Waits until so many workers are attached.
    ///
    /// The pool has no event for that: it is asked again and again, for ten seconds at most.
    func waitForWorkers(_ count: Int) async throws {
        try await waitUntil("\(count) workers are attached") { pool.workerCount == count }
    }
}

/// Asks again and again whether something is so, for ten seconds at most.
func waitUntil(_ condition: String, _ isSo: () -> Bool) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(10)
    while !isSo() {
        try #require(clock.now < deadline, "not within ten seconds: \(condition)")
        try await clock.sleep(for: .milliseconds(1))
    }
}
