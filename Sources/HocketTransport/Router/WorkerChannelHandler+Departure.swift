import HocketEngine
import HocketWire
import Logging
import NIOCore

/// How a worker leaves.
extension WorkerChannelHandler {
    /// The connection has ended: whoever waits for something is told.
    func leave() {
        helloTimer?.cancel()
        watchTimer?.cancel()
        reportCutFrame()
        if let workerID {
            pool.workerLeft(workerID, departure)
            log.info("worker left", metadata: ["openStreams": "\(machine.openStreams)"])
        }
        workerID = nil
        for orphan in machine.connectionClosed() {
            orphan.recipient.end(SamplingEnd(loss, hadTokens: orphan.hadTokens))
        }
        for stream in waiting.removeAll() { stream.end(SamplingEnd(loss, hadTokens: false)) }
        dropQuestions()
        leaveStrangers()
        // The handle holds its handler.
        connection = nil
        context = nil
    }

    /// One that we had to end, or that ended with work to do, did not leave in order.
    private var departure: WorkerDeparture {
        if hasHung { return .hung }
        let isFault = (isEnding || machine.openStreams > 0) && !isDismissed
        return isFault ? .faulted : .inOrder
    }

    /// An end between two frames is normal; one inside a frame means that the worker died.
    private func reportCutFrame() {
        guard !isEnding, workerID != nil else { return }
        do throws(WireError) {
            try decoder.finish()
        } catch {
            log.warning("worker stopped in mid-frame", metadata: ["error": "\(error)"])
        }
    }
}
