import ServiceLifecycle

/// How long a worker waits before it dials again: longer each time, up to a limit, and never
/// quite the same, so that the workers of a router that was restarted do not all come at once.
public struct DialBackOff: Sendable {
    private let first: Duration
    private let longest: Duration
    private let clock: any Clock<Duration>
    private let random: @Sendable () -> Double
    private var next: Duration

    /// Creates a back-off.
    ///
    /// - Parameters:
    ///   - first: the first wait.
    ///   - longest: no wait is longer.
    ///   - clock: what times the waits.
    ///   - random: a number from 0 to 1, drawn for each wait.
    public init(
        first: Duration = .milliseconds(100),
        longest: Duration = .seconds(2),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.first = first
        self.longest = longest
        self.clock = clock
        self.random = random
        next = first
    }

    /// The last dial went well: the next wait is a short one.
    mutating func reset() { next = first }

    /// Waits, less when the task is cancelled or the service shuts down.
    mutating func wait() async {
        let pause = next * (0.5 + 0.5 * random())
        next = min(next * 2, longest)
        // An early end is what is wanted when the service stops: its loop looks at once.
        try? await cancelWhenGracefulShutdown { [clock] in try await clock.sleep(for: pause) }
    }
}
