import HocketEngine
import HocketWire
import Logging
import NIOCore

/// What the connections of all workers share.
struct WorkerListenerEnvironment: Sendable {
    var identity: ProcessIdentity
    var limits: WireLimits
    var policy: HelloPolicy
    /// How long a peer may take to say HELLO.
    var helloTimeout: TimeAmount
    /// The peers that have not said it.
    var strangers: Strangers
    var times: ConnectionTimes
    /// The most that is kept for a worker that does not read, its SUBMITs aside: some hundred
    /// thousand frames of the kinds that are answers.
    var backlogBytesMax = 4 * 1024 * 1024
    var tap: (any TrafficTap)?
    var logger: Logger

    /// Shows a frame that came to the tap.
    func show(_ frame: Frame, from worker: String) {
        guard let tap, tap.isActive else { return }
        tap.frameCrossed(.fromWorker, worker: worker, bytes: frame.bytes)
    }
}
