/// The time, as far as this module needs it: how much of it has passed, and waiting.
struct Timekeeper: Sendable {
    /// How much time has passed since this value was made.
    let now: @Sendable () -> Duration
    /// Waits, or throws when cancelled.
    let sleep: @Sendable (Duration) async throws -> Void

    /// The time of a clock.
    init<Time: Clock>(_ clock: Time) where Time.Duration == Duration {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
    }
}
