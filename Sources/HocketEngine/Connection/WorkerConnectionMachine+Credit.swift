public import HocketWire

/// Tokens and the credit for them: what may be sent, and what is parked.
extension WorkerConnectionMachine {
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

    /// The FINISH of this stream, with the number of tokens sent on it.
    func counted(_ finish: Finish) -> Finish {
        var finish = finish
        finish.emittedTokens = UInt64(emittedTokens)
        return finish
    }
}
