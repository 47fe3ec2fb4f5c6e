import Synchronization

/// Workers whose tasks ended.
final class Departures: Sendable {
    struct Departure: Sendable {
        let worker: ObjectIdentifier
        let dialsAgain: Bool
    }

    private let waiting = Mutex<[Departure]>([])

    func add(_ departure: Departure) { waiting.withLock { $0.append(departure) } }

    func take() -> [Departure] {
        waiting.withLock { waiting in
            defer { waiting.removeAll() }
            return waiting
        }
    }
}
