/// How long to wait before a program that ended is started again.
///
/// The first restart is immediate: a program may well be killed once. One that ends again and
/// again waits longer each time, until it has run for a while.
struct RestartBackoff: Equatable, Sendable {
    private var failures = 0

    static let firstDelay = Duration.milliseconds(500)
    static let longestDelay = Duration.seconds(30)
    /// Running this long means that the program works.
    static let healthyAfter = Duration.seconds(60)

    /// The program ended.
    ///
    /// - Parameters:
    ///   - duration: how long it ran.
    ///   - wasAsked: whether it was told to end.
    /// - Returns: how long to wait.
    mutating func ended(after duration: Duration, wasAsked: Bool) -> Duration {
        if wasAsked || duration >= Self.healthyAfter { failures = 0 }
        guard !wasAsked else { return .zero }
        failures += 1
        guard failures > 1 else { return .zero }
        // Six doublings of half a second are more than the longest delay.
        return min(Self.firstDelay * (1 << min(failures - 2, 6)), Self.longestDelay)
    }
}
