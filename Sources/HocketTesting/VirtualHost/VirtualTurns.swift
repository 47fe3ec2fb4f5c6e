import NIOCore

/// Who may take the next turn on a ``VirtualHost``.
struct VirtualTurns: Sendable {
    /// Something to do.
    enum Turn {
        case loop(VirtualLoopID, @Sendable () -> Void)
        case job(UnownedJob, VirtualProcess)
    }

    struct Timer {
        let number: UInt64
        let deadline: NIODeadline
        let task: @Sendable () -> Void
    }

    struct Loop {
        /// Done in order.
        var ready: CircularBuffer<@Sendable () -> Void> = []
        /// In order of their deadlines, and of their making where these are equal.
        var timers: [Timer] = []
    }

    struct Process {
        var isStopped = false
        var loops: [Loop] = []
        /// Each is of another task: they may be done in any order.
        var jobs: [(UnownedJob, VirtualProcess)] = []
    }

    /// A busy host lets time pass before everything is done, once in so many turns.
    private static let turnsPerLapse = 64
    private static let lapseMax = TimeAmount.milliseconds(1)

    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    var processes: [Process] = []
    var runningLoop: VirtualLoopID?
    private(set) var lastProcess = 0
    private var timerNumber: UInt64 = 0

    subscript(_ loop: VirtualLoopID) -> Loop {
        get { processes[loop.process].loops[loop.index] }
        _modify { yield &processes[loop.process].loops[loop.index] }
    }

    var isIdle: Bool {
        processes.allSatisfy { process in
            process.jobs.isEmpty
                && process.loops.allSatisfy { $0.ready.isEmpty && $0.timers.isEmpty }
        }
    }

    mutating func makeProcess() -> Int {
        processes.append(Process())
        return processes.count - 1
    }

    mutating func makeLoop(of process: Int) -> VirtualLoopID {
        processes[process].loops.append(Loop())
        return VirtualLoopID(process: process, index: processes[process].loops.count - 1)
    }

    mutating func schedule(
        on loop: VirtualLoopID,
        at deadline: NIODeadline,
        _ task: @escaping @Sendable () -> Void
    ) -> UInt64 {
        timerNumber += 1
        let timer = Timer(number: timerNumber, deadline: deadline, task: task)
        self[loop].insert(timer)
        return timerNumber
    }

    /// Chooses a turn, for which time may have to pass.
    mutating func next(until end: NIODeadline, _ random: SeededRandomness) -> Turn? {
        if random.below(Self.turnsPerLapse) == 0 {
            now = max(now, min(end, now + random.amount(upTo: Self.lapseMax)))
        }
        while true {
            makeDueTimersReady()
            let count = turnCount
            if count > 0 { return take(random.below(count)) }
            guard let due = firstDeadline, due <= end else {
                now = max(now, end)
                return nil
            }
            now = max(now, due)
        }
    }

    private mutating func makeDueTimersReady() {
        for process in processes.indices where !processes[process].isStopped {
            for loop in processes[process].loops.indices {
                processes[process].loops[loop].makeDueTimersReady(now)
            }
        }
    }

    private var firstDeadline: NIODeadline? {
        var first: NIODeadline?
        for process in processes where !process.isStopped {
            for loop in process.loops {
                guard let deadline = loop.timers.first?.deadline else { continue }
                first = first.map { min($0, deadline) } ?? deadline
            }
        }
        return first
    }

    private var turnCount: Int { processes.reduce(0) { $0 + $1.turnCount } }

    /// Takes one of all turns that there are.
    private mutating func take(_ number: Int) -> Turn? {
        var number = number
        for process in processes.indices {
            let count = processes[process].turnCount
            guard number >= count else { return take(number, of: process) }
            number -= count
        }
        return nil
    }

    private mutating func take(_ number: Int, of process: Int) -> Turn? {
        lastProcess = process
        guard number >= processes[process].jobs.count else {
            let (job, process) = processes[process].jobs.remove(at: number)
            return .job(job, process)
        }
        let place = number - processes[process].jobs.count
        let loops = processes[process].loops.indices.filter {
            !processes[process].loops[$0].ready.isEmpty
        }
        let loop = VirtualLoopID(process: process, index: loops[place])
        return .loop(loop, self[loop].ready.removeFirst())
    }
}

extension VirtualTurns.Process {
    fileprivate var turnCount: Int {
        isStopped ? 0 : jobs.count + loops.count { !$0.ready.isEmpty }
    }
}

extension VirtualTurns.Loop {
    fileprivate mutating func insert(_ timer: VirtualTurns.Timer) {
        var place = timers.endIndex
        while place > 0, timers[place - 1].deadline > timer.deadline { place -= 1 }
        timers.insert(timer, at: place)
    }

    fileprivate mutating func makeDueTimersReady(_ now: NIODeadline) {
        guard let first = timers.first, first.deadline <= now else { return }
        let due = timers.prefix { $0.deadline <= now }
        ready.append(contentsOf: due.map(\.task))
        timers.removeFirst(due.count)
    }
}
