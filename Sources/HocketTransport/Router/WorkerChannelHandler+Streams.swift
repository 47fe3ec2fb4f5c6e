import HocketEngine
import HocketWire
import NIOCore

/// What the router does with streams. Call these on the connection's event loop.
extension WorkerChannelHandler {
    /// Sends a sampling's SUBMIT, or lets it wait until the worker has taken in what was sent.
    func submit(_ request: GenerationRequest, for stream: GenerationStream) {
        guard !stream.connectionSide.value.isCancelled else {
            return stream.end(.failed(.cancelledByCaller))
        }
        if waiting.isEmpty, open(request, for: stream) { return flush() }
        wait(request, for: stream)
    }

    /// Opens a stream for a sampling and sends SUBMIT, or ends the sampling.
    ///
    /// - Returns: whether it did; not when the worker's window has no room now.
    func open(_ request: GenerationRequest, for stream: GenerationStream) -> Bool {
        let now = eventLoop.now
        if let deadline = request.deadline, deadline <= now {
            stream.end(.failed(.deadlinePassed))
            return true
        }
        let expiresAt = request.deadline.map { $0 + environment.times.deadlineSlack }
        guard let id = machine.samplingPlaced(for: stream, expiresAt: expiresAt) else {
            stream.end(.notBegun(.workerDrains))
            return true
        }
        do throws(WireError) {
            guard try send(request, on: id, now: now) else { return hasNoRoom(stream, on: id) }
        } catch {
            withdraw(stream, on: id, because: error)
            return true
        }
        stream.connectionSide.value.id = id
        stream.announce()
        if machine.hasUsedUpStreamIDs {
            drain(
                .streamIDsExhausted,
                within: environment.times.drainGrace,
                message: "dial again: the stream ids are used up"
            )
        }
        return true
    }

    private func send(
        _ request: GenerationRequest,
        on id: StreamID,
        now: NIODeadline
    ) throws(WireError) -> Bool {
        // What cannot have room is not encoded for it.
        guard WaitingSubmits.bytes(of: request) <= window.availableBytes else { return false }
        let submit = Submit(request, creditTokens: pool.windowTokens, now: now)
        return try output.append(.submit(submit), on: id, within: &window)
    }

    /// - Returns: whether the sampling is over, for it will never have room.
    private func hasNoRoom(_ stream: GenerationStream, on id: StreamID) -> Bool {
        machine.samplingWithdrawn(on: id)
        guard window.isWhole else { return false }
        stream.end(.failed(.largerThanWindow(window)))
        return true
    }

    /// A request that this worker takes no SUBMIT for fails alone.
    private func withdraw(
        _ stream: GenerationStream,
        on id: StreamID,
        because error: WireError
    ) {
        machine.samplingWithdrawn(on: id)
        let error = EngineError(code: .invalidArgument, message: error.message, parameter: "input")
        stream.end(.failed(error))
    }

    /// Ends a stream nobody listens to any more: at once for the caller, with the next frames for
    /// the worker.
    func cancel(_ stream: GenerationStream, _ reason: Cancel.Reason) {
        guard !stream.connectionSide.value.isCancelled else { return }
        stream.connectionSide.value.isCancelled = true
        // Who has what it wanted still wants to know what that cost.
        let waits = reason == .satisfied
        guard let id = stream.connectionSide.value.id else { return endWaiting(stream) }
        guard machine.cancelRequested(on: id, waits: waits, now: eventLoop.now) else { return }
        sendControl(.cancel(reason), on: id)
        flush()
        if !waits { stream.end(.failed(.cancelledByCaller)) }
    }

    /// Grants a worker as much credit as the sink has consumed.
    func tokensConsumed(_ count: Int, on stream: GenerationStream) {
        guard let id = stream.connectionSide.value.id else { return }
        sendControl(.credit(count), on: id)
        flush()
    }

    /// What a router that ends gives its workers: their connections are closed right behind GOAWAY.
    static let atOnce = TimeAmount.milliseconds(1)

    /// Lets the worker's streams end and opens none.
    ///
    /// - Parameter grace: how long the streams have.
    func drain(_ reason: GoAway.Reason, within grace: TimeAmount, message: String) {
        guard machine.isServing else { return }
        machine.goAwaySent()
        drainEnds(in: grace)
        sendWaitingElsewhere()
        if let workerID { pool.workerStartedDraining(workerID) }
        send(
            .goAway(
                GoAway(
                    lastStreamID: .connection,
                    reason: reason,
                    graceMilliseconds: Int(grace.nanoseconds / 1_000_000),
                    message: message
                )
            )
        )
        flush()
    }

    /// GOAWAY was said: whichever side gives the streams less time is heeded.
    ///
    /// - Parameter isPromised: whether the worker said so, which then must end what is left.
    func drainEnds(in grace: TimeAmount, isPromised: Bool = false) {
        let end = eventLoop.now + grace + environment.times.drainSlack
        guard end < drainEndsAt ?? .distantFuture else { return }
        drainEndsAt = end
        drainEndIsPromised = isPromised
    }
}

extension Submit {
    fileprivate init(_ request: GenerationRequest, creditTokens: Int, now: NIODeadline) {
        self.init(
            requestID: request.id,
            model: request.model,
            prompt: request.prompt,
            creditTokens: creditTokens,
            deadlineNanoseconds: request.deadline.map { UInt64(($0 - now).nanoseconds) },
            sampling: request.sampling,
            constraint: request.constraint,
            traceParent: request.trace?.traceParent ?? "",
            traceState: request.trace?.state.text ?? ""
        )
    }
}
