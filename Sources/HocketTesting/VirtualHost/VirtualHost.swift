package import NIOCore
import Synchronization

/// A host of one thread and no clock: its processes' event loops and tasks take turns, in an order
/// drawn from a seed, and time passes when nobody has anything left to do.
///
/// The thread that calls ``step(until:)`` plays all threads, one turn at a time: what is done under
/// a lock, or in one turn of an event loop, is never interrupted; everything else is interleaved.
/// The same seed gives the same order.
package final class VirtualHost: Sendable {
    private let state: Mutex<VirtualTurns>
    /// What everything that is drawn on this host is drawn from.
    package let random: SeededRandomness

    /// Creates a host without processes.
    package init(seed: UInt64) {
        random = SeededRandomness(seed: seed)
        state = Mutex(VirtualTurns())
    }

    /// What all clocks of the host show.
    package var now: NIODeadline { state.withLock { $0.now } }

    /// The process that took the last turn.
    package var lastProcess: Int { state.withLock { $0.lastProcess } }

    /// Whether nobody has anything to do, now or later.
    package var isIdle: Bool { state.withLock { $0.isIdle } }

    /// Lets somebody take a turn; if nobody has anything to do, time passes until somebody has.
    ///
    /// - Returns: whether somebody did; not when nothing is left to do until `end`, which is the
    ///   time then.
    package func step(until end: NIODeadline) -> Bool {
        guard let turn = state.withLock({ $0.next(until: end, random) }) else { return false }
        switch turn {
        case .loop(let loop, let task):
            state.withLock { $0.runningLoop = loop }
            task()
            state.withLock { $0.runningLoop = nil }
        case .job(let job, let process):
            unsafe job.runSynchronously(on: process.asUnownedTaskExecutor())
        }
        return true
    }

    /// Does something as if an event loop did it in a turn of its own; not from within a turn.
    package func perform<Result>(
        on loop: VirtualEventLoop,
        _ body: () throws -> Result
    ) rethrows -> Result {
        state.withLock { state in
            precondition(state.runningLoop == nil, "a turn within a turn")
            state.runningLoop = loop.id
        }
        defer { state.withLock { $0.runningLoop = nil } }
        return try body()
    }

    // MARK: What processes and event loops ask for

    func makeProcess() -> Int { state.withLock { $0.makeProcess() } }

    func makeLoop(of process: Int) -> VirtualLoopID { state.withLock { $0.makeLoop(of: process) } }

    func isRunning(_ loop: VirtualLoopID) -> Bool { state.withLock { $0.runningLoop == loop } }

    func setStopped(_ process: Int, _ isStopped: Bool) {
        state.withLock { $0.processes[process].isStopped = isStopped }
    }

    func enqueue(_ job: UnownedJob, of process: VirtualProcess) {
        state.withLock { $0.processes[process.id].jobs.append((job, process)) }
    }

    func enqueue(_ task: @escaping @Sendable () -> Void, on loop: VirtualLoopID) {
        state.withLock { $0[loop].ready.append(task) }
    }

    func schedule(
        on loop: VirtualLoopID,
        at deadline: NIODeadline,
        _ task: @escaping @Sendable () -> Void
    ) -> UInt64 {
        state.withLock { $0.schedule(on: loop, at: deadline, task) }
    }

    func cancel(_ timer: UInt64, on loop: VirtualLoopID) {
        state.withLock { state in state[loop].timers.removeAll { $0.number == timer } }
    }
}

/// An event loop's place on its host.
struct VirtualLoopID: Hashable, Sendable {
    let process: Int
    let index: Int
}
