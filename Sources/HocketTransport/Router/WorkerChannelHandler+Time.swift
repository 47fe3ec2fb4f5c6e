import HocketEngine
import HocketWire
import Logging
import NIOCore

/// What the router does as time passes, whatever the worker does.
extension WorkerChannelHandler {
    /// How often the connection is looked after.
    static let watchInterval = TimeAmount.milliseconds(250)

    /// Looks after the connection until the task is cancelled.
    func watch() -> RepeatedTask {
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        return eventLoop.scheduleRepeatedTask(
            initialDelay: Self.watchInterval,
            delay: Self.watchInterval
        ) { _ in handler.value.timePassed() }
    }

    private func timePassed() {
        guard workerID != nil else { return }
        let now = eventLoop.now
        budget.timePassed(now: now)
        endExpiredStreams(now)
        endExpiredWaiting(now)
        if let drainEndsAt, now >= drainEndsAt { return endDraining() }
        if let reason = reasonToGiveUp(now) { return giveUp(reason) }
        flush()
    }

    /// What speaks against the worker, if anything does.
    private func reasonToGiveUp(_ now: NIODeadline) -> String? {
        switch liveness.timePassed(now: now) {
        case .hung(let silence): return "nothing came from the worker for \(silence.inWords)"
        case .ping(let nonce): ping(nonce)
        case .wait: break
        }
        if let stall = heartbeat.stall(openStreams: machine.openStreams, now: now) {
            return "the worker's engine made no step for \(stall.inWords)"
        }
        let timeout = environment.times.cancelTimeout
        guard let stream = machine.unansweredCancel(after: timeout, now: now) else { return nil }
        return "no FINISH came on stream \(stream) within \(timeout.inWords) of CANCEL"
    }

    private func ping(_ nonce: UInt64) {
        let now = environment.identity.clock().monotonicNanoseconds
        send(.ping(Ping(nonce: nonce, monotonicNanoseconds: now)))
    }

    private func endExpiredStreams(_ now: NIODeadline) {
        for expired in machine.deadlinesChecked(now: now) {
            send(.cancel(Cancel(.deadline)), on: expired.stream)
            expired.recipient.end(.failed(.deadlinePassed))
        }
    }

    /// The time for draining is over, and the worker has not ended what was left.
    private func endDraining() {
        log.warning("draining took too long", metadata: ["openStreams": "\(machine.openStreams)"])
        loss = .drainTimeOver
        refuse(Status(.unavailable, loss.message, isRetryable: true))
    }

    /// Ends the connection of a worker that hangs: what it had not begun goes elsewhere.
    private func giveUp(_ reason: String) {
        log.error("worker given up", metadata: ["reason": "\(reason)"])
        loss = .workerLost(reason)
        refuse(Status(.deadlineExceeded, reason, isRetryable: true))
    }
}

extension TimeAmount {
    /// The amount as a person reads it: `15.0 s`.
    fileprivate var inWords: String { "\(Double(nanoseconds / 1_000_000) / 1000) s" }
}
