import HocketWire
import NIOCore

/// What the worker does with each message.
extension FaultyWorkerHandler {
    func receive(_ message: WireMessage, on id: StreamID, bytes: Int) throws(WireError) {
        switch message {
        case .hello where !isAdmitted && rowsMax == 0:
            if case .hello(let hello) = message { rowsMax = hello.limits.stepRowsMax }
            if fault == .impatientForAck { waitForAckBriefly() }
        case .hello where fault == .takesASecondHello: break
        case .helloAck(let ack): admitted(ack)
        case .connectionError(let status): refused(status)
        case .submit(let submit): try submitted(submit, on: id, bytes: bytes)
        case .cancel: try cancelled(id)
        case .credit(let credit): try granted(credit.amount, to: id)
        case .streamError: try givenUp(id)
        case .ping(let ping):
            if fault == .dropsWhatDoesNotFit, context?.channel.isWritable == false { return }
            let nonce = fault == .pongWithoutNonce ? 0 : ping.nonce
            send(.pong(Ping(nonce: nonce, monotonicNanoseconds: 1)))
        case .goAway(let goAway):
            isDraining = true
            let isReplaced = goAway.reason == .replaced
            if isReplaced, fault != .returnsWhenReplaced { dismissed() }
            if !isReplaced, fault == .hangsUpWhenDrained { close() }
        case .query(let query): answer(query, on: id, bytes: bytes)
        default: throw WireError(.frameUnexpected, "\(message.frameType) is out of place")
        }
    }

    /// Hangs up on a router that takes its time between HELLO and HELLO_ACK.
    private func waitForAckBriefly() {
        context?.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(700)) {
            if !self.isAdmitted { self.context?.close(promise: nil) }
        }
    }

    private func admitted(_ ack: HelloAck) {
        isAdmitted = true
        if fault != .statusEachSecond {
            statusInterval = .milliseconds(Int64(ack.statusIntervalMilliseconds))
        }
        report()
    }

    func report() {
        statusDue = .now() + statusInterval
        let load = fault == .statusCountsTooMany ? streams.count + 1 : streams.count
        send(
            .status(WorkerStatus(health: .serving, runningStreams: load, monotonicNanoseconds: 1))
        )
    }

    private func answer(_ query: Query, on id: StreamID, bytes: Int) {
        newest = id
        send(.credit(Credit(bytes)))
        let text = fault == .describesInProse ? "a worker" : #"{"engine":"counting"}"#
        let isKnown = query.method == "describe" || fault == .knowsEveryMethod
        let unknown = Status(.unimplemented, "an unknown method")
        send(
            .reply(isKnown ? Reply(result: Array(text.utf8)) : Reply(status: unknown)),
            on: id
        )
    }

    // MARK: Streams

    private func submitted(_ submit: Submit, on id: StreamID, bytes: Int) throws(WireError) {
        if fault != .takesDescendingStreams, id <= newest {
            throw WireError(.frameUnexpected, "stream \(id) after \(newest)")
        }
        newest = max(newest, id)
        if fault != .keepsTheWindow || submit.prompt.count == 1 {
            send(.credit(Credit(fault == .returnsTheWindowTwice ? 2 * bytes : bytes)))
        }
        if let refusal = refusal(of: submit) { return send(.streamError(refusal), on: id) }
        let room = Self.contextTokensMax - submit.prompt.count
        streams[id] = Stream(
            credit: UInt64(submit.creditTokens),
            limit: max(1, min(submit.sampling.outputTokensMax ?? room, room)),
            deadline: submit.deadlineNanoseconds.map(deadline),
            isAccepted: fault != .acceptsLate || submit.creditTokens == 0,
            topCount: topCount(for: submit.sampling)
        )
        if streams[id]?.isAccepted == true { send(.accept(Accept()), on: id) }
    }

    private func deadline(in nanoseconds: UInt64) -> NIODeadline {
        guard fault != .deadlineWraps else {
            return .now() + .nanoseconds(Int64(truncatingIfNeeded: nanoseconds))
        }
        return .now() + .nanoseconds(Int64(clamping: nanoseconds))
    }

    private func refusal(of submit: Submit) -> Status? {
        let size = VocabularyIdentity.o200kHarmony.size
        let count = submit.prompt.count
        return if fault == .forgetsItsModel, submit.model == "m" {
            Status(.notFound, "no such model")
        } else if streams.count >= Self.streamsMax, fault != .takesAnyNumber {
            Status(.resourceExhausted, "full", isRetryable: true)
        } else if !["", "m"].contains(submit.model), fault != .takesAnyModel {
            Status(.notFound, "no such model")
        } else if submit.demands.contains(where: { !isTaken($0) }) {
            Status(.unimplemented, "not offered", parameter: "whatever")
        } else if count == 0, fault != .takesNothing {
            Status(.invalidArgument, "empty")
        } else if count >= Self.contextTokensMax, fault != .takesAnyLength {
            Status(.invalidArgument, "too long")
        } else if submit.prompt.contains(where: { $0 >= size }), fault != .takesAnyToken {
            Status(.invalidArgument, "out of range")
        } else {
            nil
        }
    }

    /// Whether what a SUBMIT demands is no reason to refuse it.
    private func isTaken(_ demand: Fault) -> Bool {
        let logprobs: [Fault] = [.ignoresLogprobs, .ignoresTopLogprobs]
        return demand == fault || offersLogprobs && logprobs.contains(demand)
    }

    private func topCount(for sampling: Sampling) -> Int? {
        guard offersLogprobs else { return nil }
        if fault == .leavesLogprobsOut, sampling.topLogprobs == 0 { return nil }
        guard sampling.logprobs else { return fault == .logprobsForAll ? 0 : nil }
        return fault == .tooFewTopLogprobs ? max(0, sampling.topLogprobs - 1) : sampling.topLogprobs
    }

    private func cancelled(_ id: StreamID) throws(WireError) {
        try requireOpened(id, unless: .ignoresCancelOfNoStream)
        cancels += 1
        if fault == .tiresOfCancels, cancels > 500 { return }
        guard let stream = streams.removeValue(forKey: id) else {
            let breaks: Fault =
                cancelled.contains(id) ? .secondCancelIsAnError : .cancelAfterEndIsAnError
            guard fault != breaks else { throw WireError(.frameUnexpected, "CANCEL") }
            return
        }
        cancelled.insert(id)
        let reason: Finish.Reason = fault == .saysStopWhenCancelled ? .stop : .cancelled
        send(.finish(Finish(reason, emittedTokens: UInt64(stream.sent))), on: id)
    }

    private func granted(_ amount: Int, to id: StreamID) throws(WireError) {
        try requireOpened(id, unless: .ignoresCreditOfNoStream)
        if fault == .creditAfterEndIsAnError, finished.contains(id) {
            throw WireError(.frameUnexpected, "CREDIT")
        }
        streams[id]?.credit += UInt64(amount)
        if fault == .creditWraps, let credit = streams[id]?.credit {
            streams[id]?.credit = UInt64(UInt32(truncatingIfNeeded: credit))
        }
    }

    private func givenUp(_ id: StreamID) throws(WireError) {
        try requireOpened(id, unless: nil)
        if fault != .goesOnAfterStreamError { streams[id] = nil }
    }

    private func requireOpened(_ id: StreamID, unless ignoring: Fault?) throws(WireError) {
        guard id > newest, ignoring == nil || fault != ignoring else { return }
        throw WireError(.frameUnexpected, "stream \(id) was never opened")
    }
}

extension Submit {
    /// What it asks for that this worker does not offer, by the fault of ignoring it.
    fileprivate var demands: [Fault] {
        let asked: [(Fault, Bool)] = [
            (.ignoresLogprobs, sampling.logprobs), (.ignoresTopLogprobs, sampling.topLogprobs > 0),
            (.ignoresSeed, sampling.seed != nil),
            (.ignoresPenalties, sampling.frequencyPenalty != 0),
            (.ignoresPenalties, sampling.presencePenalty != 0),
            (.ignoresPenalties, sampling.repetitionPenalty ?? 1 != 1),
            (.ignoresLogitBias, !sampling.logitBias.isEmpty), (.ignoresPriority, priority != 0),
            (.ignoresCacheSalt, !cacheSalt.isEmpty),
        ]
        return asked.filter(\.1).map(\.0) + [constraint?.kind.fault].compactMap(\.self)
    }
}

extension Constraint.Kind {
    fileprivate var fault: Fault {
        switch self {
        case .jsonSchema: .ignoresJSONSchema
        case .jsonObject: .ignoresJSONObject
        case .regex: .ignoresRegex
        case .grammar: .ignoresGrammar
        case .structuralTag: .ignoresStructuralTag
        case .choice: .ignoresChoice
        case .unknown: .ignoresUnknownConstraint
        }
    }
}
