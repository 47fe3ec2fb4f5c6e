import Synchronization

/// A clock that stands still until a test moves it.
final class SettableClock: Sendable {
    private let seconds: Mutex<Int>

    init(_ secondsSince1970: Int = Sample.time) {
        seconds = Mutex(secondsSince1970)
    }

    var now: Int { seconds.withLock { $0 } }

    func advance(bySeconds count: Int) {
        seconds.withLock { $0 += count }
    }
}
