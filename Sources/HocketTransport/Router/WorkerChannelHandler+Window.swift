import HocketEngine
import HocketWire
import NIOCore

/// Samplings that wait until the worker has taken in what was sent. Call these on the connection's
/// event loop.
extension WorkerChannelHandler {
    /// Lets a sampling wait for room in the worker's window.
    ///
    /// Once more as many bytes as the window has wait at most.
    func wait(_ request: GenerationRequest, for stream: GenerationStream) {
        let size = WaitingSubmits.bytes(of: request)
        guard size <= window.windowBytes else {
            return stream.end(.failed(.largerThanWindow(window)))
        }
        let entry = WaitingSubmits.Entry(request: request, stream: stream, since: eventLoop.now)
        guard waiting.append(entry, bytesMax: window.windowBytes) else {
            return stream.end(.notBegun(.windowUsedUp(window)))
        }
    }

    /// The worker has taken bytes in.
    ///
    /// - Throws: ``WireError`` when they are more than were sent.
    func windowGranted(_ bytes: Int) throws(WireError) {
        try window.granted(bytes)
        submitWaiting()
    }

    /// Sends the SUBMITs that there is room for, the oldest first.
    func submitWaiting() {
        while let entry = waiting.popFirst() {
            guard open(entry.request, for: entry.stream) else { return waiting.putBack(entry) }
        }
    }

    /// Ends those that wait and whose time is over, and sends those elsewhere that have waited as
    /// long as an ACCEPT may take: a worker that takes nothing in does not answer either.
    func endExpiredWaiting(_ now: NIODeadline) {
        let expired = waiting.removeExpired(now: now)
        for stream in expired { stream.end(.failed(.deadlinePassed)) }
        let timeout = environment.times.engineStallTimeout
        let late = waiting.removeLate(timeout, now: now)
        for stream in late { stream.end(.notBegun(.windowNotGivenBack(after: timeout))) }
        if !expired.isEmpty || !late.isEmpty { submitWaiting() }
    }

    /// Ends a sampling that waits, if it does, for its caller has left.
    func endWaiting(_ stream: GenerationStream) {
        guard waiting.remove(stream) else { return }
        stream.end(.failed(.cancelledByCaller))
        submitWaiting()
        flush()
    }

    /// Gives those that wait to other workers: this one opens no stream any more.
    func sendWaitingElsewhere() {
        for stream in waiting.removeAll() { stream.end(.notBegun(.workerDrains)) }
    }
}

extension EngineError {
    /// As much waits for a worker as may.
    fileprivate static func windowUsedUp(_ window: ByteWindow) -> EngineError {
        EngineError(
            code: .resourceExhausted,
            message: "the worker has not taken in what was sent, and more waits already "
                + "(max: \(window.windowBytes) bytes each)",
            isRetryable: true
        )
    }

    /// The worker has not taken in for long what was sent.
    fileprivate static func windowNotGivenBack(after timeout: TimeAmount) -> EngineError {
        EngineError(
            code: .internalFault,
            message: "the worker took nothing in for \(timeout.inWords)",
            isRetryable: true
        )
    }

    /// A request that will never have room.
    static func largerThanWindow(_ window: ByteWindow) -> EngineError {
        EngineError(
            code: .invalidArgument,
            message: "the request has more than the \(window.windowBytes) bytes that the worker "
                + "takes at a time",
            parameter: "input"
        )
    }
}
