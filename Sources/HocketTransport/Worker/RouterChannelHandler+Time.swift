import HocketEngine
import HocketWire
import Logging
import NIOCore

/// What a worker does as time passes, whatever the router and the engine do.
extension RouterChannelHandler {
    /// How often the connection is looked after: often enough that a stream ends before the router
    /// loses patience with it.
    static let watchInterval = TimeAmount.milliseconds(100)
    /// Whatever a router asks for, nothing is done more often than this.
    private static let intervalMin = TimeAmount.milliseconds(10)

    /// Starts what HELLO_ACK asks for.
    func startTimers(_ ack: HelloAck) {
        liveness = Liveness(
            interval: max(Self.intervalMin, .milliseconds(Int64(ack.pingIntervalMilliseconds))),
            timeout: max(Self.intervalMin, .milliseconds(Int64(ack.pingTimeoutMilliseconds))),
            now: eventLoop.now
        )
        let interval = TimeAmount.milliseconds(Int64(ack.statusIntervalMilliseconds))
        statusTimer = every(max(Self.intervalMin, interval)) { handler in
            handler.sendStatus()
            handler.flush()
        }
        watchTimer = every(Self.watchInterval) { $0.timePassed() }
    }

    private func every(
        _ interval: TimeAmount,
        _ body: @escaping @Sendable (RouterChannelHandler) -> Void
    ) -> RepeatedTask {
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        return eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            body(handler.value)
        }
    }

    private func timePassed() {
        let now = eventLoop.now
        budget.timePassed(now: now)
        for expired in machine.deadlinesChecked(now: now) {
            finish(expired.action, on: expired.stream)
        }
        if let drainEndsAt, now >= drainEndsAt { giveUpStreams() }
        switch liveness?.timePassed(now: now) {
        case .ping(let nonce): ping(nonce)
        case .hung(let silence): return giveUp(after: silence)
        case .wait, nil: break
        }
        flush()
        closeIfDrained()
    }

    /// The time for draining is over: what still runs is somebody else's.
    private func giveUpStreams() {
        let status = Status(.unavailable, "the time for draining is over", isRetryable: true)
        for givenUp in machine.drainTimePassed() {
            if givenUp.engineRuns { consumer.cancelled(givenUp.stream) }
            giveBackWindow(of: givenUp.stream)
            send(.streamError(status), on: givenUp.stream)
        }
    }

    private func ping(_ nonce: UInt64) {
        send(.ping(Ping(nonce: nonce, monotonicNanoseconds: clock().monotonicNanoseconds)))
    }

    /// Leaves a router that hangs, to dial again.
    private func giveUp(after silence: TimeAmount) {
        log.error("the router hangs", metadata: ["silence": "\(silence.nanoseconds) ns"])
        end(.timedOut)
    }
}
