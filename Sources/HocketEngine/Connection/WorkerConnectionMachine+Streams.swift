public import HocketWire
public import NIOCore

/// The streams of a connection, as the worker sees them.
extension WorkerConnectionMachine {
    /// What to do with a SUBMIT.
    public enum OnSubmit: Hashable {
        /// Answer ACCEPT and start the engine.
        case accept
        /// Answer STREAM_ERROR.
        case refuse(Status)
    }

    /// SUBMIT was received.
    ///
    /// - Parameters:
    ///   - creditTokens: how many tokens may be sent before the first CREDIT.
    ///   - promptTokens: how long the prompt is.
    ///   - deadline: when the stream ends, done or not.
    ///   - refusal: why the prompt cannot be served, if it cannot.
    /// - Throws: ``WireError`` when its stream id is not newer than all before.
    public mutating func submitReceived(
        on id: StreamID,
        creditTokens: Int,
        promptTokens: Int = 0,
        deadline: NIODeadline? = nil,
        refusal: Status? = nil
    ) throws(WireError) -> OnSubmit {
        try open(id, .submit)
        guard state == .serving else {
            return .refuse(Status(.unavailable, "the worker drains", isRetryable: true))
        }
        guard streams.count < streamsMax else {
            return .refuse(
                Status(
                    .resourceExhausted,
                    "the worker runs \(streams.count) streams, its maximum",
                    isRetryable: true
                )
            )
        }
        if let refusal { return .refuse(refusal) }
        lastAccepted = id
        streams[id] = Stream(
            creditTokens: creditTokens,
            promptTokens: promptTokens,
            deadline: deadline
        )
        return .accept
    }

    /// QUERY was received; it opens a stream, as SUBMIT does.
    ///
    /// - Throws: ``WireError`` when its stream id is not newer than all before.
    public mutating func queryReceived(on id: StreamID) throws(WireError) {
        try open(id, .query)
    }

    /// The engine produced tokens for a stream.
    ///
    /// - Parameters:
    ///   - tokens: the tokens.
    ///   - logprobs: one entry for each, if the stream asked for them.
    ///   - id: the stream.
    /// - Returns: how many of them to send now; the rest is parked, behind what is parked already.
    ///   None for a stream that is over: it may have been cancelled while the engine computed.
    public mutating func tokensProduced(
        _ tokens: ArraySlice<UInt32>,
        _ logprobs: LogprobColumns? = nil,
        on id: StreamID
    ) -> Int {
        guard let index = streams.index(forKey: id), streams.values[index].finish == nil else {
            return 0
        }
        streams.values[index].producedTokens += tokens.count
        let room = streams.values[index].parked.isEmpty ? streams.values[index].creditTokens : 0
        let count = min(room, tokens.count)
        streams.values[index].creditTokens -= count
        streams.values[index].emittedTokens += count
        if count < tokens.count {
            streams.values[index].park(
                tokens.dropFirst(count),
                logprobs.map { $0[count..<$0.count] }
            )
        }
        return count
    }

    /// The engine ended a stream.
    ///
    /// - Parameter finish: how; the machine fills in the number of tokens sent.
    /// - Returns: the FINISH to send now; nil while tokens are parked, and for a stream that is
    ///   over.
    public mutating func generationEnded(_ finish: Finish, on id: StreamID) -> Finish? {
        guard let index = streams.index(forKey: id), streams.values[index].finish == nil else {
            return nil
        }
        guard streams.values[index].parked.isEmpty else {
            streams.values[index].finish = finish
            return nil
        }
        return streams.remove(at: index).value.counted(finish)
    }

    /// What credit sets free.
    public struct OnCredit: Hashable {
        /// Parked tokens to send now.
        public var tokens: [UInt32]
        /// One entry for each, if the stream asked for them.
        public var logprobs: LogprobColumns?
        /// The FINISH to send after them.
        public var finish: Finish?
    }

    /// CREDIT was received on a stream.
    ///
    /// - Throws: ``WireError`` when the stream was never opened.
    public mutating func creditReceived(
        _ amount: Int,
        on id: StreamID
    ) throws(WireError) -> OnCredit {
        guard let index = streams.index(forKey: id) else {
            // Credit for a stream that just ended crosses its FINISH on the way: a benign race.
            try requireOpened(id, .credit)
            return OnCredit(tokens: [])
        }
        var freed = streams.values[index].creditReceived(amount)
        guard streams.values[index].parked.isEmpty, let finish = streams.values[index].finish
        else { return freed }
        freed.finish = streams.remove(at: index).value.counted(finish)
        return freed
    }

    /// What is left to do for a stream that was cut off.
    public struct OnCancel: Hashable {
        /// The FINISH to send.
        public var finish: Finish
        /// Whether the engine still runs the stream and must forget it.
        public var engineRuns: Bool
    }

    /// CANCEL was received.
    ///
    /// - Returns: what to do; nil for a stream that is over, whose FINISH is on its way already.
    /// - Throws: ``WireError`` when the stream was never opened.
    public mutating func cancelReceived(on id: StreamID) throws(WireError) -> OnCancel? {
        guard let stream = streams.removeValue(forKey: id) else {
            try requireOpened(id, .cancel)
            return nil
        }
        return stream.cut(because: .cancelled)
    }

    /// A stream whose time is over.
    public struct Expired: Hashable {
        /// The stream.
        public var stream: StreamID
        /// What is left to do for it.
        public var action: OnCancel
    }

    /// Looks for streams whose deadline passed; they are over.
    ///
    /// - Returns: the streams, the oldest first.
    public mutating func deadlinesChecked(now: NIODeadline) -> [Expired] {
        let expired = streams.filter { $0.value.deadline.map { now >= $0 } ?? false }
        for id in expired.keys { streams[id] = nil }
        return
            expired
            .map { Expired(stream: $0.key, action: $0.value.cut(because: .deadline)) }
            .sorted { $0.stream < $1.stream }
    }

    /// A stream that was given up, for the time for draining was over.
    public struct GivenUp: Hashable {
        /// The stream.
        public var stream: StreamID
        /// Whether the engine still runs it and must forget it.
        public var engineRuns: Bool
    }

    /// The time for draining is over, and with it every stream.
    ///
    /// - Returns: the streams, the oldest first.
    public mutating func drainTimePassed() -> [GivenUp] {
        guard state == .draining else { return [] }
        defer { streams.removeAll() }
        return
            streams
            .map { GivenUp(stream: $0.key, engineRuns: $0.value.finish == nil) }
            .sorted { $0.stream < $1.stream }
    }

    /// STREAM_ERROR was received: the stream is over, and no answer is due.
    ///
    /// - Returns: whether the engine still runs the stream and must forget it.
    /// - Throws: ``WireError`` when the stream was never opened.
    public mutating func streamErrorReceived(on id: StreamID) throws(WireError) -> Bool {
        guard let stream = streams.removeValue(forKey: id) else {
            try requireOpened(id, .streamError)
            return false
        }
        return stream.finish == nil
    }

    /// The engine refused a stream's prompt.
    ///
    /// - Returns: whether to answer STREAM_ERROR; not for a stream that is over.
    public mutating func promptRefused(on id: StreamID) -> Bool {
        streams.removeValue(forKey: id) != nil
    }

    private mutating func open(_ id: StreamID, _ type: FrameType) throws(WireError) {
        guard id > newest else {
            throw WireError(.frameUnexpected, "\(type) on stream \(id) after one on \(newest)")
        }
        newest = id
    }

    /// Throws for a stream that the router never opened.
    private func requireOpened(_ id: StreamID, _ type: FrameType) throws(WireError) {
        guard id <= newest else {
            throw WireError(.frameUnexpected, "\(type) on stream \(id), which was never opened")
        }
    }
}

extension WorkerConnectionMachine.Stream {
    /// Keeps tokens until credit comes.
    fileprivate mutating func park(_ tokens: ArraySlice<UInt32>, _ logprobs: LogprobColumns?) {
        parked.append(contentsOf: tokens)
        guard let logprobs else { return }
        if parkedLogprobs == nil {
            parkedLogprobs = logprobs
        } else {
            parkedLogprobs?.append(contentsOf: logprobs)
        }
    }

    /// Takes credit and gives the tokens it sets free.
    fileprivate mutating func creditReceived(
        _ amount: Int
    ) -> WorkerConnectionMachine.OnCredit {
        creditTokens += amount
        let count = min(creditTokens, parked.count)
        let freed = WorkerConnectionMachine.OnCredit(
            tokens: Array(parked.prefix(count)),
            logprobs: parkedLogprobs?[0..<count]
        )
        parked.removeFirst(count)
        parkedLogprobs = parkedLogprobs.map { $0[count..<$0.count] }
        creditTokens -= count
        emittedTokens += count
        return freed
    }

    /// Ends the stream whatever the engine does; parked tokens are dropped.
    fileprivate func cut(because reason: Finish.Reason) -> WorkerConnectionMachine.OnCancel {
        let produced = TokenUsage(promptTokens: promptTokens, outputTokens: producedTokens)
        return WorkerConnectionMachine.OnCancel(
            finish: counted(Finish(reason, usage: finish?.usage ?? produced, emittedTokens: 0)),
            engineRuns: finish == nil
        )
    }

    /// The FINISH of this stream, with the number of tokens sent on it.
    fileprivate func counted(_ finish: Finish) -> Finish {
        var finish = finish
        finish.emittedTokens = UInt64(emittedTokens)
        return finish
    }
}
