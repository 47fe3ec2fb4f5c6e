import HocketEngine
import HocketWire
import Logging
import NIOCore

/// What the router does with each message of a worker.
extension WorkerChannelHandler {
    func receive(_ message: WireMessage, on id: StreamID) throws(WireError) {
        if case .hello(let hello) = message {
            try machine.helloReceived()
            leaveStrangers()
            return register(hello)
        }
        try machine.frameReceived(message.frameType)
        switch message {
        case .accept(let accept):
            try machine.acceptReceived(on: id)?.report(cachedTokens: accept.cachedTokens)
        case .finish(let finish): try receive(finish, on: id)
        case .streamError(let status): try receiveStreamError(status, on: id)
        case .goAway(let goAway): receive(goAway)
        case .ping(let ping): answer(ping)
        case .connectionError(let status): receiveConnectionError(status)
        case .query: try refuseQuery(on: id)
        case .status(let status): receive(status)
        case .pong(let pong): try liveness.pongReceived(nonce: pong.nonce)
        case .credit(let credit): windowGranted(credit.amount)
        // Events are not made use of yet.
        case .event: break
        case .reply(let reply): try receive(reply, on: id)
        case .hello, .helloAck, .submit, .cancel:
            throw WireError(.frameUnexpected, "\(message.frameType) from a worker")
        }
    }

    private func register(_ hello: Hello) {
        log[metadataKey: "worker"] = "\(hello.name)"
        output.peerName = hello.name
        output.limits = hello.limits
        window = ByteWindow(windowBytes: hello.limits.windowBytes)
        if let refusal = environment.policy.refusal(of: hello) {
            log.warning("worker refused", metadata: ["reason": "\(refusal.message)"])
            return refuse(refusal)
        }
        guard let connection else { return }
        let now = connection.eventLoop.now
        switch pool.workerArrived(WorkerRegistration(hello, receivedAt: now), over: connection) {
        case .nameTaken(let generation):
            refuse(
                Status(
                    .alreadyExists,
                    "a worker named \(hello.name) of generation \(generation) is attached; "
                        + "this one's generation is \(hello.generation)"
                )
            )
        case .registered(let id, let replaced):
            workerID = id
            send(.helloAck(acknowledgement(of: hello, as: id)))
            log.info("worker attached", metadata: ["id": "\(id)", "engine": "\(hello.engine)"])
            replaced?.onLoop {
                let message = "\(hello.name) was replaced"
                $0.drain(.replaced, within: $0.environment.times.drainGrace, message: message)
            }
        }
    }

    private func acknowledgement(of hello: Hello, as id: WorkerID) -> HelloAck {
        let times = environment.times
        let agreement = CapabilityAgreement(offered: hello.capabilities)
        agreed = agreement.agreed
        return HelloAck(
            minor: min(hello.minorMax, Preface.current.minor),
            capabilities: agreement.agreed,
            rejected: agreement.rejected,
            workerID: "\(id)",
            pingIntervalMilliseconds: times.pingInterval.milliseconds,
            pingTimeoutMilliseconds: times.pingTimeout.milliseconds,
            statusIntervalMilliseconds: times.statusInterval.milliseconds
        )
    }

    private func receive(_ finish: Finish, on id: StreamID) throws(WireError) {
        let emitted = Int(clamping: finish.emittedTokens)
        switch try machine.finishReceived(on: id, emittedTokens: emitted) {
        case .finished(let stream):
            // An end that is an error has no place for what was used.
            stream.report(cachedTokens: finish.usage.cachedTokens)
            deliveries.end(stream, SamplingEnd(finish, isSatisfied: stream.isCancelled))
        case .miscounted(let stream, let received):
            let message = "the worker sent \(emitted) tokens on stream \(id), \(received) came"
            log.error("tokens were lost", metadata: ["error": "\(message)"])
            deliveries.end(
                stream,
                .failed(EngineError(code: .protocolViolation, message: message))
            )
        case .late: pool.samplingUsedAfterCancel(finish.usage)
        case .ignore: break
        }
    }

    private func receiveStreamError(_ status: Status, on id: StreamID) throws(WireError) {
        if machine.queryRefused(on: id) { return answer(id, Reply(status: status)) }
        guard let orphan = try machine.streamErrorReceived(on: id) else { return }
        let end = SamplingEnd(EngineError(status), hadTokens: orphan.hadTokens)
        deliveries.end(orphan.recipient, end)
    }

    private func receive(_ goAway: GoAway) {
        log.info("worker drains", metadata: ["reason": "\(goAway.reason)"])
        if let workerID { pool.workerStartedDraining(workerID) }
        if let grace = goAway.graceMilliseconds { drainEnds(in: .milliseconds(Int64(grace))) }
        for stream in machine.goAwayReceived(lastAccepted: goAway.lastStreamID) {
            deliveries.end(stream, .notBegun(.workerDrains))
        }
        sendWaitingElsewhere()
    }

    private func receive(_ status: WorkerStatus) {
        if status.health == .draining {
            machine.drainReported()
            sendWaitingElsewhere()
        }
        let load = WorkerLoad(status)
        heartbeat.loadReported(load, now: eventLoop.now)
        if let workerID { pool.workerReported(load, from: workerID) }
    }

    private func answer(_ ping: Ping) {
        let now = environment.identity.clock().monotonicNanoseconds
        send(.pong(Ping(nonce: ping.nonce, monotonicNanoseconds: now)))
    }

    private func receiveConnectionError(_ status: Status) {
        log.warning("worker gave up", metadata: ["reason": "\(status.message)"])
        end()
    }
}

extension SamplingEnd {
    /// What a FINISH says: an outcome, or why there is none.
    ///
    /// - Parameter isSatisfied: the caller cancelled, and waits to learn what was used; that its
    ///   worker may have come to another end before CANCEL came is no matter.
    fileprivate init(_ finish: Finish, isSatisfied: Bool) {
        guard !isSatisfied else {
            self = .finished(GenerationOutcome(reason: .satisfied, usage: finish.usage))
            return
        }
        self =
            switch finish.reason {
            case .stop: .finished(GenerationOutcome(reason: .stop, usage: finish.usage))
            case .length: .finished(GenerationOutcome(reason: .length, usage: finish.usage))
            case .cancelled: .failed(.cancelledByCaller)
            case .deadline: .failed(.deadlinePassed)
            case .error, .aborted, .unspecified: .failed(EngineError(finish.status))
            }
    }
}

extension TimeAmount {
    fileprivate var milliseconds: Int { Int(nanoseconds / 1_000_000) }
}
