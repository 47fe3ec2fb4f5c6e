import HocketWire
import Logging
import NIOCore

/// What the router writes to a worker, and how it ends the connection.
extension WorkerChannelHandler {
    /// Adds a frame to the output; what the worker will not take is our own bug or its hostile
    /// limits, and ends the connection.
    func send(_ message: WireMessage, on stream: StreamID = .connection) {
        do throws(WireError) {
            try output.append(message, on: stream)
        } catch {
            fail(error)
        }
    }

    /// Writes what has collected: now, or at the end of the read that is being handled.
    ///
    /// The worker's window bounds SUBMIT; everything else is bounded here, whatever makes this side
    /// say it: a worker that asks and does not read would have its answers pile up.
    func flush() {
        guard !isReading, let context else { return }
        let count = output.unboundedBytes
        guard isEnding || backlog.hasRoom(for: count) else { return endUnread() }
        guard let bytes = output.takeBytes() else { return }
        backlog.written(count)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.backlog.left(count) }
        context.writeAndFlush(NIOAny(bytes), promise: written)
        output.reuse(bytes)
    }

    /// Ends the connection of a worker that does not read what it is told.
    private func endUnread() {
        let message = "\(backlog.bytes) bytes wait to be read (max: \(backlog.bytesMax))"
        log.warning("worker does not read", metadata: ["reason": "\(message)"])
        refuse(Status(.resourceExhausted, message, isRetryable: true))
    }

    /// Tells the worker which rule it broke, and closes.
    func fail(_ error: WireError) {
        log.warning("worker broke the protocol", metadata: ["error": "\(error)"])
        refuse(Status(error))
    }

    /// Ends the connection with a reason the worker can log.
    func refuse(_ status: Status) {
        // Nothing to be done for a peer that takes not even this.
        try? output.append(.connectionError(status))
        end()
    }

    /// Closes the connection: now, or at the end of the read that is being handled.
    func end() {
        isEnding = true
        guard !isReading else { return }
        flush()
        context?.close(promise: nil)
    }
}
