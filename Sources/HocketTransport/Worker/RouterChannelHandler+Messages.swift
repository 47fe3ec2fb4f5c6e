import HocketEngine
import HocketWire
import Logging
import NIOCore

/// What a worker does with each message of the router.
extension RouterChannelHandler {
    func receive(
        _ message: WireMessage,
        on id: StreamID,
        frameBytes: Int
    ) throws(WireError) {
        switch message {
        case .hello(let hello):
            try machine.helloReceived()
            try receive(hello)
        case .helloAck(let ack):
            try machine.helloAckReceived()
            try start(ack)
        case .connectionError(let status):
            end(.refused(status))
        default:
            try machine.frameReceived(message.frameType)
            try receiveAdmitted(message, on: id, frameBytes: frameBytes)
        }
    }

    private func receiveAdmitted(
        _ message: WireMessage,
        on id: StreamID,
        frameBytes: Int
    ) throws(WireError) {
        switch message {
        case .submit(let submit): try receive(submit, on: id, frameBytes: frameBytes)
        case .cancel: try receiveCancel(on: id)
        case .credit(let credit): try receive(credit, on: id)
        case .ping(let ping): answer(ping)
        case .goAway(let goAway): receive(goAway)
        case .streamError(let status): try receive(status, on: id)
        case .query(let query): try receive(query, on: id, frameBytes: frameBytes)
        case .pong(let pong): try liveness?.pongReceived(nonce: pong.nonce)
        case .reply: throw WireError(.frameUnexpected, "a REPLY to no QUERY")
        case .hello, .helloAck, .connectionError, .accept, .finish, .status, .event:
            throw WireError(.frameUnexpected, "\(message.frameType) from a router")
        }
    }

    private func receive(_ router: Hello) throws(WireError) {
        guard router.role == .router else {
            throw WireError(.messageInvalid, "the peer of a worker is a router")
        }
        output.limits = router.limits
        guard router.vocabulary != hello.vocabulary else { return }
        let words =
            "the router's vocabulary is \(router.vocabulary.name) with \(router.vocabulary.size) "
            + "ids, the worker's \(hello.vocabulary.name) with \(hello.vocabulary.size), or their "
            + "control tokens differ"
        let status = Status(.failedPrecondition, words)
        leave(with: status, .refused(status))
    }

    private func start(_ ack: HelloAck) throws(WireError) {
        guard (hello.minorMin...hello.minorMax).contains(ack.minor) else {
            throw WireError(
                .messageInvalid,
                "minor version \(ack.minor) was not offered "
                    + "(\(hello.minorMin) to \(hello.minorMax) were)"
            )
        }
        log.info("attached", metadata: ["id": "\(ack.workerID)"])
        for words in ack.rejected { log.info("declined", metadata: ["reason": "\(words)"]) }
        policy.capabilities = ack.capabilities
        admitted()
        guard context != nil else { return }
        sendStatus()
        startTimers(ack)
    }

    func sendStatus() {
        let status = report.status(
            isDraining: !machine.isServing,
            runningStreams: machine.runningStreams,
            at: clock().monotonicNanoseconds
        )
        send(.status(status))
    }

    private func receive(
        _ submit: Submit,
        on id: StreamID,
        frameBytes: Int
    ) throws(WireError) {
        let action = try machine.submitReceived(
            on: id,
            creditTokens: submit.creditTokens,
            promptTokens: submit.prompt.count,
            deadline: submit.deadlineNanoseconds.map {
                eventLoop.now + .nanoseconds(Int64(clamping: $0))
            },
            refusal: policy.refusal(of: submit)
        )
        switch action {
        case .accept:
            send(.accept(Accept()), on: id)
            untakenBytes[id] = frameBytes
            consumer.submitted(submit, on: id)
        case .refuse(let status):
            send(.credit(Credit(frameBytes)))
            send(.streamError(status), on: id)
        }
    }

    /// Gives back what a SUBMIT cost that the engine will not take any more.
    func giveBackWindow(of id: StreamID) {
        guard let bytes = untakenBytes.removeValue(forKey: id) else { return }
        send(.credit(Credit(bytes)))
    }

    private func receiveCancel(on id: StreamID) throws(WireError) {
        guard let cancelled = try machine.cancelReceived(on: id) else { return }
        finish(cancelled, on: id)
    }

    /// Ends a stream that was cut off.
    func finish(_ cut: WorkerConnectionMachine.OnCancel, on id: StreamID) {
        if cut.engineRuns { consumer.cancelled(id) }
        giveBackWindow(of: id)
        send(.finish(cut.finish), on: id)
    }

    /// The router gave a stream up: it broke the protocol.
    private func receive(_ status: Status, on id: StreamID) throws(WireError) {
        log.error("the router ended a stream", metadata: ["reason": "\(status.message)"])
        if try machine.streamErrorReceived(on: id) { consumer.cancelled(id) }
        giveBackWindow(of: id)
    }

    private func receive(_ credit: Credit, on id: StreamID) throws(WireError) {
        let freed = try machine.creditReceived(credit.amount, on: id)
        sendParked(freed.tokens, freed.logprobs, on: id)
        if let finish = freed.finish { send(.finish(finish), on: id) }
    }

    private func answer(_ ping: Ping) {
        let now = clock().monotonicNanoseconds
        send(.pong(Ping(nonce: ping.nonce, monotonicNanoseconds: now)))
    }

    private func receive(_ goAway: GoAway) {
        log.info("the router lets this worker go", metadata: ["reason": "\(goAway.message)"])
        connectionEnd = .dismissed(goAway.reason)
        drain(within: goAway.graceMilliseconds.map { .milliseconds(Int64($0)) })
    }
}
