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
        sendWaitingControls(now)
        endExpiredStreams(now)
        endExpiredWaiting(now)
        if let drainEndsAt, now >= drainEndsAt { return endDraining() }
        if let reason = reasonToGiveUp(now) { return giveUp(reason) }
        endStalledStreams()
        flush()
    }

    /// What speaks against the worker, if anything does.
    private func reasonToGiveUp(_ now: NIODeadline) -> String? {
        switch liveness.timePassed(now: now) {
        case .hung(let silence): return "nothing came from the worker for \(silence.inWords)"
        case .ping(let nonce): ping(nonce)
        case .wait: break
        }
        // Counted in looks, not by the clock: a router that was held up itself has not read what
        // came meanwhile, and blames nobody.
        let owesSteps = machine.owedTimePassed(Self.watchInterval)
        if let stall = heartbeat.timePassed(Self.watchInterval, owesSteps: owesSteps) {
            return "the worker's engine made no step for \(stall.inWords)"
        }
        let timeout = environment.times.cancelTimeout
        guard let stream = machine.unansweredCancel(after: timeout, now: now) else { return nil }
        return "no FINISH came on stream \(stream) within \(timeout.inWords) of CANCEL"
    }

    private func ping(_ nonce: UInt64) {
        // One in seconds: it takes its turn of the pace, and never waits for it.
        _ = controlPace.take()
        let now = environment.identity.clock().monotonicNanoseconds
        send(.ping(Ping(nonce: nonce, monotonicNanoseconds: now)))
    }

    private func endExpiredStreams(_ now: NIODeadline) {
        for expired in machine.deadlinesChecked(now: now) {
            sendControl(.cancel(.deadline), on: expired.stream)
            expired.recipient.end(.failed(.deadlinePassed))
        }
    }

    /// The time for draining is over, and the worker has not ended what was left.
    private func endDraining() {
        log.warning("draining took too long", metadata: ["openStreams": "\(machine.openStreams)"])
        loss = .drainTimeOver
        isDismissed = !drainEndIsPromised
        refuse(Status(.unavailable, loss.message, isRetryable: true))
    }

    /// Ends streams that their worker has forgotten while it serves others.
    private func endStalledStreams() {
        let stalled = machine.stallsChecked(
            acceptTimeout: environment.times.engineStallTimeout,
            tokenTimeout: environment.times.streamStallTimeout
        )
        for stall in stalled {
            let what = stall.wasAccepted ? "sent no token" : "did not accept the stream"
            let message = "the worker \(what) for \(stall.owedFor.inWords)"
            log.error(
                "stream given up",
                metadata: ["reason": "\(message)", "stream": "\(stall.stream)"]
            )
            send(
                .streamError(Status(.deadlineExceeded, message, isRetryable: true)),
                on: stall.stream
            )
            let error = EngineError(code: .internalFault, message: message, isRetryable: true)
            stall.orphan.recipient.end(SamplingEnd(error, hadTokens: stall.orphan.hadTokens))
        }
    }

    /// Ends the connection of a worker that hangs: what it had not begun goes elsewhere.
    private func giveUp(_ reason: String) {
        log.error("worker given up", metadata: ["reason": "\(reason)"])
        loss = .workerLost(reason)
        hasHung = true
        refuse(Status(.deadlineExceeded, reason, isRetryable: true))
    }
}
