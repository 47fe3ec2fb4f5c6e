import Synchronization

/// Random numbers that a test chose.
final class Draws: Sendable {
    private let left: Mutex<[UInt64]>

    init(_ draws: [UInt64]) {
        left = Mutex(draws)
    }

    @Sendable func next() -> UInt64 {
        left.withLock { $0.isEmpty ? 0 : $0.removeFirst() }
    }
}
