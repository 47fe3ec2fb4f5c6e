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
        case .goAway(let goAway): try receive(goAway)
        case .ping(let ping): answer(ping)
        case .connectionError(let status): receiveConnectionError(status)
        case .query: try refuseQuery(on: id)
        case .status(let status): receive(status)
        case .pong(let pong): try liveness.pongReceived(nonce: pong.nonce)
        case .credit(let credit): try windowGranted(credit.amount)
        // No event is agreed on yet.
        case .event: throw WireError(.frameUnexpected, "EVENT, which was not agreed on")
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
        controlPace = ControlFrameBudget(
            perSecond: hello.limits.controlFramesPerSecondMax,
            burstSeconds: 1,
            now: eventLoop.now
        )
        if let refusal = environment.policy.refusal(of: hello) {
            log.warning("worker refused", metadata: ["reason": "\(refusal.message)"])
            return refuse(refusal)
        }
        guard let connection else { return }
        let now = connection.eventLoop.now
        switch pool.workerArrived(WorkerRegistration(hello, receivedAt: now), over: connection) {
        case .outdated(let newest):
            refuse(
                Status(
                    .alreadyExists,
                    "a worker named \(hello.name) of generation \(newest) is attached; "
                        + "this one's generation is \(hello.generation)"
                )
            )
        case .nameTaken(let generation):
            refuse(
                Status(
                    .alreadyExists,
                    "another worker named \(hello.name) of generation \(generation) is attached; "
                        + "dial again when it has left, or with a higher generation",
                    isRetryable: true
                )
            )
        case .full:
            let max = WorkerDirectory<WorkerConnection>.workersMax
            let message = "\(max) workers are attached, the maximum"
            refuse(Status(.resourceExhausted, message, isRetryable: true))
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
        // A worker can cancel and keep to deadlines without its engine, but not end a stream.
        if finish.reason != .cancelled, finish.reason != .deadline { heartbeat.stepReceived() }
        let emitted = Int(clamping: finish.emittedTokens)
        switch try machine.finishReceived(on: id, emittedTokens: emitted) {
        case .finished(let stream):
            // An end that is an error has no place for what was used.
            stream.report(cachedTokens: finish.usage.cachedTokens)
            deliveries.end(stream, end(of: finish, on: stream))
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
        deliveries.end(orphan.recipient, end(after: status, hadTokens: orphan.hadTokens))
    }

    /// What a FINISH says: an outcome, or why there is none.
    ///
    /// A caller that cancelled and is told has what it wanted: that its worker may have come to
    /// another end before CANCEL came is no matter.
    private func end(of finish: Finish, on stream: GenerationStream) -> SamplingEnd {
        let hadTokens = finish.emittedTokens > 0
        guard !stream.isCancelled else {
            return .finished(GenerationOutcome(reason: .satisfied, usage: finish.usage))
        }
        switch finish.reason {
        case .stop: return .finished(GenerationOutcome(reason: .stop, usage: finish.usage))
        case .length: return .finished(GenerationOutcome(reason: .length, usage: finish.usage))
        case .cancelled: return SamplingEnd(.cancelledByWorker, hadTokens: hadTokens)
        case .deadline where stream.hasDeadline: return .failed(.deadlinePassed)
        case .deadline: return SamplingEnd(.deadlineMadeUp, hadTokens: hadTokens)
        case .aborted where finish.status.code == .ok:
            return SamplingEnd(.givenUpByEngine, hadTokens: hadTokens)
        case .error, .aborted, .unspecified: return end(after: finish.status, hadTokens: hadTokens)
        }
    }

    /// What a status says of a stream that its worker refused or failed.
    ///
    /// Once either side has said that it drains, a worker refuses in good order what crossed that
    /// on its way, and gives up what is left when the time is over.
    private func end(after status: Status, hadTokens: Bool) -> SamplingEnd {
        guard machine.isServing || status.code != .unavailable else {
            return hadTokens ? .failed(.drainTimeOver) : .notBegun(.workerDrains)
        }
        return SamplingEnd(EngineError(status), hadTokens: hadTokens)
    }

    private func receive(_ goAway: GoAway) throws(WireError) {
        let orphans = try machine.goAwayReceived(lastAccepted: goAway.lastStreamID)
        log.info("worker drains", metadata: ["reason": "\(goAway.reason)"])
        if let workerID { pool.workerStartedDraining(workerID) }
        if let grace = goAway.graceMilliseconds {
            drainEnds(in: .milliseconds(Int64(grace)), isPromised: true)
        }
        for orphan in orphans {
            let end = SamplingEnd(.workerDrains, hadTokens: orphan.hadTokens)
            deliveries.end(orphan.recipient, end)
        }
        sendWaitingElsewhere()
    }

    private func receive(_ status: WorkerStatus) {
        let load = WorkerLoad(status)
        if let age = load.lastStepAge { heartbeat.stepReported(age: age) }
        if let workerID { pool.workerReported(load, from: workerID) }
        if status.health == .draining {
            machine.drainReported()
            sendWaitingElsewhere()
        }
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

extension TimeAmount {
    fileprivate var milliseconds: Int { Int(nanoseconds / 1_000_000) }
}
