import NIOCore

/// Gathers elements into batches, says when each is exported, and again when that fails.
///
/// One batch is under way at a time. It is told facts, with the time at which they happened:
///
///     added*   next ( exported | failed )   endBegan   abandoned
struct BatchQueue<Element: Sendable> {
    /// What is to be done now.
    enum Action: Sendable {
        /// Export these; `exported` or `failed` follows.
        case export([Element])
        /// Nothing before this moment, or before something was added or the end began.
        case wait(until: NIODeadline?)
        /// Nothing more.
        case end
    }

    /// What became of an element.
    enum OnAdd: Hashable {
        /// It waits, and nothing has to be done sooner for its sake.
        case waits
        /// It waits, and ``BatchQueue/next(at:)`` has news.
        case calls
        /// There was no room for it, or the end is over.
        case dropped
    }

    /// What follows from a failure.
    enum OnFailure: Hashable {
        /// The batch is exported again after this pause.
        case retries(after: TimeAmount)
        /// So many elements are given up.
        case dropped(Int)
    }

    private enum State {
        case idle
        case exporting
        /// Goes on to `exporting`.
        case pausing(until: NIODeadline)
        /// The end.
        case over
    }

    private let limits: BatchLimits
    private var state = State.idle
    private var waiting: [Element] = []
    /// When the oldest of those that wait has waited long enough.
    private var dueAt: NIODeadline?
    /// What is exported, or will be again.
    private var batch: [Element] = []
    /// How often the batch failed.
    private var failures = 0
    private var isEnding = false

    init(_ limits: BatchLimits = BatchLimits()) {
        self.limits = limits
    }

    /// How many elements are held.
    var count: Int { waiting.count + batch.count }

    /// Something is to be exported.
    mutating func added(_ element: Element, at now: NIODeadline) -> OnAdd {
        if case .over = state { return .dropped }
        guard waiting.count < limits.waitingMax else { return .dropped }
        waiting.append(element)
        let isFirst = waiting.count == 1
        if isFirst { dueAt = now + limits.interval }
        guard case .idle = state else { return .waits }
        return isFirst || waiting.count == limits.batchMax ? .calls : .waits
    }

    /// Somebody has time to export.
    mutating func next(at now: NIODeadline) -> Action {
        switch state {
        case .exporting: preconditionFailure("one batch is exported at a time")
        case .over: return .end
        case .pausing(let moment):
            guard now >= moment || isEnding else { return .wait(until: moment) }
            state = .exporting
            return .export(batch)
        case .idle: return take(at: now)
        }
    }

    private mutating func take(at now: NIODeadline) -> Action {
        guard let dueAt else {
            guard isEnding else { return .wait(until: nil) }
            state = .over
            return .end
        }
        guard isEnding || now >= dueAt || waiting.count >= limits.batchMax else {
            return .wait(until: dueAt)
        }
        batch = Array(waiting.prefix(limits.batchMax))
        waiting.removeFirst(batch.count)
        self.dueAt = waiting.isEmpty ? nil : now + limits.interval
        state = .exporting
        return .export(batch)
    }

    /// The batch arrived.
    mutating func exported() {
        finishBatch()
    }

    /// The batch did not arrive.
    ///
    /// - Parameters:
    ///   - mayRetry: whether it could arrive later.
    ///   - pause: how long the collector asks to be left alone, if it does.
    ///   - random: 64 random bits, which spread the pauses of many routers.
    mutating func failed(
        mayRetry: Bool,
        askedPause pause: TimeAmount? = nil,
        random: UInt64,
        at now: NIODeadline
    ) -> OnFailure {
        failures += 1
        guard mayRetry, !isEnding, failures < limits.attemptsMax else {
            let count = batch.count
            finishBatch()
            return .dropped(count)
        }
        let pause = pause.map { min($0, limits.askedPauseMax) } ?? ownPause(random)
        state = .pausing(until: now + pause)
        return .retries(after: pause)
    }

    /// Between half of a time that doubles with each failure, and all of it.
    private func ownPause(_ random: UInt64) -> TimeAmount {
        var whole = limits.pauseMin
        for _ in 1..<failures where whole < limits.pauseMax { whole = whole * 2 }
        let half = min(whole, limits.pauseMax).nanoseconds / 2
        return .nanoseconds(half + Int64(random % UInt64(max(half, 1))))
    }

    private mutating func finishBatch() {
        batch = []
        failures = 0
        state = .idle
    }

    /// The process ends: what is held is exported at once, each batch as often as once more.
    mutating func endBegan() {
        isEnding = true
    }

    /// There is no time to export what is left.
    ///
    /// - Returns: how many elements are given up.
    mutating func abandoned() -> Int {
        defer { (waiting, batch, dueAt, state) = ([], [], nil, .over) }
        return count
    }
}
