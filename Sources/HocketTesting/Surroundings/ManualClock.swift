public import HocketResponses
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Sendable {
    private let time: Mutex<WallTime>

    /// Creates a clock.
    public init(secondsSince1970: Int) {
        time = Mutex(WallTime(secondsSince1970: secondsSince1970))
    }

    /// What it shows.
    public var now: WallTime { time.withLock { $0 } }

    /// Moves it on.
    public func advance(bySeconds seconds: Int) {
        time.withLock { $0.secondsSince1970 += seconds }
    }
}
