/// Whose turn it is, where turns follow the order of arrival and weights.
///
/// Each turn moves a worker on by what is the smaller the larger its weight is, and the next turn
/// is that of the one that is furthest behind: with weights of 100 and 50, two turns and one, mixed
/// as evenly as can be. Nothing is drawn, so that the same workers have the same turns.
struct RoundRobin {
    /// How far a turn moves a worker of weight 1; a multiple of weights that are usual.
    private static let wholeTurn = 3_600_000

    private var positions: [WorkerID: Int] = [:]
    /// Where the last turn was taken: whoever was away or is new goes on from here, and has no
    /// turns to catch up on.
    private var last = 0

    /// Gives the next turn.
    ///
    /// - Parameter candidates: in order of arrival, not empty.
    mutating func next(among candidates: [Placer.Candidate]) -> WorkerID {
        var (chosen, least) = (candidates[0], Int.max)
        for candidate in candidates {
            let position = max(positions[candidate.id] ?? last, last)
            if position < least { (chosen, least) = (candidate, position) }
        }
        last = least
        positions[chosen.id] = least + Self.wholeTurn / chosen.weight
        return chosen.id
    }

    /// A worker left.
    mutating func workerLeft(_ id: WorkerID) { positions[id] = nil }
}
