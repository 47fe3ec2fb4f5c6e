/// How often a sampling has moved to another worker before its first token.
public struct SamplingMoves: Hashable, Sendable {
    /// Why it has to move.
    public enum Reason: Hashable, Sendable {
        /// Its worker leaves in good order, and had not begun.
        case drain
        /// Its worker was lost, refused it, or failed it.
        case failure
    }

    /// A sampling that fails on two workers is likely to fail on a third.
    static let failuresMax = 1
    /// Leaving says nothing of a sampling; the limit only keeps workers that come and go at once
    /// from passing it around for ever.
    static let drainsMax = 16

    private var failures = 0
    private var drains = 0
    /// The worker that it failed on, and must not go to again.
    private(set) var avoided: WorkerID?

    /// Creates the moves of a sampling that has not been placed yet.
    init() {}

    /// Whether it may move once more.
    func allows(_ reason: Reason) -> Bool {
        switch reason {
        case .drain: drains < Self.drainsMax
        case .failure: failures < Self.failuresMax
        }
    }

    /// It moves.
    mutating func moved(from worker: WorkerID, because reason: Reason) {
        switch reason {
        case .drain: drains += 1
        case .failure:
            failures += 1
            avoided = worker
        }
    }
}
