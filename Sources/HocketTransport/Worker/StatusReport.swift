import HocketWire

/// What a worker reports of itself: the engine's load, its heartbeat and its speed.
struct StatusReport {
    /// What the engine last said.
    var load = EngineLoad()
    private var lastStepNanoseconds: UInt64?
    private var lastReportNanoseconds: UInt64?
    private var tokensSinceReport = 0

    /// The engine finished a step.
    mutating func stepped(tokens: Int, at nanoseconds: UInt64) {
        lastStepNanoseconds = nanoseconds
        tokensSinceReport += tokens
    }

    /// The STATUS to send now.
    mutating func status(
        isDraining: Bool,
        runningStreams: Int,
        at now: UInt64
    ) -> WorkerStatus {
        defer {
            lastReportNanoseconds = now
            tokensSinceReport = 0
        }
        return WorkerStatus(
            health: isDraining ? .draining : load.isServing ? .serving : .notServing,
            runningStreams: max(0, runningStreams - load.waitingStreams),
            waitingStreams: load.waitingStreams,
            waitingTokens: UInt64(clamping: load.waitingTokens),
            cacheUsed: Float(load.cacheUsed),
            tokensPerSecond: tokensPerSecond(at: now),
            lastStepAgeNanoseconds: lastStepNanoseconds.map { now - min($0, now) },
            monotonicNanoseconds: now,
            message: load.message
        )
    }

    private func tokensPerSecond(at now: UInt64) -> Float {
        guard let lastReportNanoseconds, now > lastReportNanoseconds else { return 0 }
        return Float(Double(tokensSinceReport) * 1e9 / Double(now - lastReportNanoseconds))
    }
}
