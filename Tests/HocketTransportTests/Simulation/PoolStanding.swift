import NIOCore
import Synchronization

@testable import HocketEngine
@testable import HocketTransport

/// What a pool knows at a moment, as far as invariants need it.
struct PoolStanding: Sendable {
    let queue: QueueSnapshot
    /// Tasks that wait for their turn.
    let waiters: Int
    let hasTimer: Bool
    /// Somebody's turn has come and was not told, though no timer is about to tell.
    let isOverdue: Bool
    /// Workers whose samplings are not accounted for yet.
    let workers: Int
    /// Those that have more than they take, or less than nothing.
    let overloaded: [String]

    /// Whether nobody is there, and nothing is kept for anybody.
    var isEmpty: Bool {
        queue == QueueSnapshot(requests: 0, tokens: 0, admissions: 0)
            && waiters == 0 && !hasTimer && workers == 0
    }
}

extension WorkerPool {
    var standing: PoolStanding {
        state.withLock { state in
            PoolStanding(
                queue: state.machine.queueSnapshot,
                waiters: state.waiters.count,
                hasTimer: state.timer != nil,
                isOverdue: state.isOverdue(at: eventLoop.now),
                workers: state.machine.directory.entries.count,
                overloaded: state.machine.directory.entries.filter(\.isOverloaded).map(\.summary)
            )
        }
    }
}

extension WorkerPool.State {
    fileprivate func isOverdue(at now: NIODeadline) -> Bool {
        guard let timer, timer.due > now else { return false }
        var machine = machine
        return !machine.settle(at: now).isEmpty
    }
}

extension WorkerEntry {
    fileprivate var isOverloaded: Bool {
        runningStreams < 0 || keptSlots < 0 || tokensInFlight < 0
            || runningStreams + keptSlots > registration.streamsMax
    }

    fileprivate var summary: String {
        "\(id), with \(runningStreams) streams and \(keptSlots) slots of "
            + "\(registration.streamsMax), \(tokensInFlight) tokens,"
    }
}
