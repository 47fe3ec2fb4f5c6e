import HocketWire

/// What was said on one connection, and which rules the worker broke in it.
///
/// It is a plain value without a clock or a socket: frames in, records and violations out.
struct ConnectionLedger {
    private(set) var hello: Hello?
    private(set) var isAdmitted = false
    private(set) var agreed: Capabilities = []
    var streams: [StreamID: StreamRecord] = [:]
    private(set) var pongs: [UInt64] = []
    /// PINGs of the worker that await their answer.
    var pingsToAnswer: [Ping] = []
    private(set) var statuses: [WorkerStatus] = []
    private(set) var goAway: GoAway?
    private(set) var connectionError: Status?
    private(set) var replies: [StreamID: Reply] = [:]
    /// Bytes of SUBMIT and QUERY that were sent, and that the worker gave back.
    private(set) var windowTakenBytes = 0
    private(set) var windowReturnedBytes = 0
    private(set) var violations: [RuleViolation] = []

    mutating func violate(_ rule: CheckRule, _ message: String) {
        violations.append(RuleViolation(rule: rule, message: message))
    }

    /// The router sent a frame of so many bytes, header included.
    mutating func sent(_ message: WireMessage, on stream: StreamID, bytes: Int) {
        switch message {
        case .helloAck(let ack):
            isAdmitted = true
            agreed = ack.capabilities
        case .submit(let submit):
            streams[stream] = StreamRecord(submit)
            windowTakenBytes += bytes
        case .query: windowTakenBytes += bytes
        case .credit(let credit): streams[stream]?.grantedTokens += credit.amount
        case .streamError: streams[stream]?.isGivenUp = true
        default: break
        }
    }

    /// The worker sent a frame that is no STEP.
    mutating func received(_ message: WireMessage, on stream: StreamID) {
        checkGreeting(message)
        switch message {
        case .hello(let hello): self.hello = hello
        case .accept: accepted(stream)
        case .finish(let finish): finished(stream, finish)
        case .streamError(let status): refused(stream, status)
        case .credit(let credit): returned(credit.amount)
        case .pong(let pong): pongs.append(pong.nonce)
        case .ping(let ping): pingsToAnswer.append(ping)
        case .status(let status): statuses.append(status)
        case .goAway(let goAway): self.goAway = goAway
        case .connectionError(let status): connectionError = status
        case .reply(let reply): replies[stream] = reply
        case .event, .query: checkAgreed(message.frameType)
        case .helloAck, .submit, .cancel: violate(.frames, "\(message.frameType) from a worker")
        }
    }

    /// The worker sent a row of STEP.
    ///
    /// - Parameter logprobs: one for each token, or none.
    mutating func received(
        tokens: Span<UInt32>,
        _ logprobs: [TokenLogprobs] = [],
        on id: StreamID
    ) {
        guard isOpen(id, "STEP"), var stream = streams[id] else { return }
        if !stream.isAccepted { violate(.acceptFirst, "tokens came on stream \(id) before ACCEPT") }
        for index in tokens.indices { stream.tokens.append(tokens[index]) }
        stream.logprobs += logprobs
        streams[id] = stream
        if stream.tokens.count > stream.grantedTokens {
            violate(
                .credit,
                "stream \(id) has sent \(stream.tokens.count) tokens of \(stream.grantedTokens) "
                    + "that were granted"
            )
        }
        if !stream.wantsLogprobs, !logprobs.isEmpty {
            violate(.unaskedLogprobs, "stream \(id) has log probabilities, and asked for none")
        }
        checkLimits(of: stream, id)
    }
}

// MARK: - Streams

extension ConnectionLedger {
    private mutating func accepted(_ id: StreamID) {
        guard isOpen(id, "ACCEPT") else { return }
        if streams[id]?.isAccepted == true { violate(.acceptFirst, "a second ACCEPT on \(id)") }
        streams[id]?.isAccepted = true
    }

    private mutating func finished(_ id: StreamID, _ finish: Finish) {
        guard isOpen(id, "FINISH"), let stream = streams[id] else { return }
        streams[id]?.end = .finished(finish)
        if !stream.isAccepted { violate(.acceptFirst, "FINISH on \(id), which was not accepted") }
        if finish.emittedTokens != stream.tokens.count {
            violate(
                .finishCount,
                "FINISH on \(id) counts \(finish.emittedTokens) tokens; "
                    + "\(stream.tokens.count) came"
            )
        }
        if let matched = finish.matchedStopID, matched != stream.tokens.last {
            let last = stream.tokens.last.map { "\($0)" } ?? "missing"
            violate(.outputEnd, "FINISH on \(id) names stop token \(matched); the last is \(last)")
        }
    }

    private mutating func refused(_ id: StreamID, _ status: Status) {
        // The answer to a QUERY, on the stream of the QUERY.
        guard streams[id] != nil || !agreed.contains(.query) else {
            replies[id] = Reply(status: status)
            return
        }
        guard isOpen(id, "STREAM_ERROR") else { return }
        streams[id]?.end = .refused(status)
    }

    /// Whether a frame of the worker may come on a stream.
    private mutating func isOpen(_ id: StreamID, _ frame: String) -> Bool {
        guard let stream = streams[id] else {
            violate(.openStreams, "\(frame) on stream \(id), which was never opened")
            return false
        }
        if stream.end != nil { violate(.openStreams, "\(frame) on stream \(id) after its end") }
        return stream.end == nil
    }

    private mutating func checkLimits(of stream: StreamRecord, _ id: StreamID) {
        if let limit = stream.outputTokensMax, stream.tokens.count > limit {
            violate(.outputEnd, "stream \(id) has sent \(stream.tokens.count) tokens of \(limit)")
        }
        guard let stop = stream.tokens.firstIndex(where: stream.stopTokenIDs.contains),
            stop != stream.tokens.indices.last
        else { return }
        violate(.outputEnd, "stream \(id) goes on behind its stop token \(stream.tokens[stop])")
    }
}

// MARK: - Connection

extension ConnectionLedger {
    private mutating func checkGreeting(_ message: WireMessage) {
        switch message {
        case .hello where hello != nil: violate(.greeting, "a second HELLO")
        case .hello, .connectionError: break
        case _ where !isAdmitted: violate(.greeting, "\(message.frameType) before HELLO_ACK")
        default: break
        }
    }

    private mutating func checkAgreed(_ type: FrameType) {
        let needed: Capabilities = type == .query ? .query : [.logEvents, .cacheEvents]
        guard agreed.isDisjoint(with: needed) else { return }
        violate(.frames, "\(type) came, and its capability was not agreed on")
    }

    private mutating func returned(_ bytes: Int) {
        windowReturnedBytes += bytes
        guard windowReturnedBytes > windowTakenBytes else { return }
        violate(
            .byteWindow,
            "\(windowReturnedBytes) bytes were given back of \(windowTakenBytes) that were taken"
        )
    }
}
