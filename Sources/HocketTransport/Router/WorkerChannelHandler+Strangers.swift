import HocketEngine
import HocketWire
import Logging
import NIOCore

/// What the router does with peers that have not said HELLO.
extension WorkerChannelHandler {
    /// A peer connected; it is refused when too many are silent already.
    ///
    /// - Returns: whether it may go on.
    func countAsStranger() -> Bool {
        isStranger = environment.strangers.arrived()
        guard !isStranger else { return true }
        let max = environment.strangers.max
        log.warning("connection refused", metadata: ["strangersMax": "\(max)"])
        let message = "\(max) connections have not said HELLO, the maximum"
        refuse(Status(.resourceExhausted, message, isRetryable: true))
        return false
    }

    /// The peer has said HELLO, or is gone: another one may come.
    func leaveStrangers() {
        guard isStranger else { return }
        isStranger = false
        environment.strangers.left()
    }

    /// The time for HELLO is over.
    func helloIsOverdue() {
        guard machine.isExpectingHello else { return }
        let seconds = Double(environment.helloTimeout.nanoseconds) / 1e9
        refuse(Status(.deadlineExceeded, "no HELLO within \(seconds) s", isRetryable: true))
    }
}
