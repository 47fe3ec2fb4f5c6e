import NIOCore

/// What a simulation does from outside, and when.
struct Agenda {
    typealias Action = (BridgeSimulation) throws -> Void

    private var entries: [(time: NIODeadline, action: Action)] = []

    /// When something is to be done next.
    var nextTime: NIODeadline? { entries.first?.time }

    /// Adds something, behind what is to be done at the same time.
    mutating func add(at time: NIODeadline, _ action: @escaping Action) {
        let place = entries.firstIndex { $0.time > time } ?? entries.endIndex
        entries.insert((time, action), at: place)
    }

    /// Takes out what is due.
    mutating func popDue(at now: NIODeadline) -> Action? {
        guard let first = entries.first, first.time <= now else { return nil }
        entries.removeFirst()
        return first.action
    }
}
