public import HocketWire
public import NIOCore

/// Streams that a worker owes something, as time passes.
///
/// A stream is owed ACCEPT, and then tokens or FINISH as long as it has credit. One without credit
/// waits for its client, and one that was cancelled is owed FINISH alone, for which it has a time
/// of its own.
extension RouterConnectionMachine {
    /// A stream that was owed something for too long while its worker served others: it is over.
    public struct Stalled {
        /// The stream.
        public var stream: StreamID
        /// What is left of it.
        public var orphan: Orphan
        /// Whether the worker had accepted it.
        public var wasAccepted: Bool
        /// For how long it was owed something.
        public var owedFor: TimeAmount
    }

    /// Time passed; call it several times a second.
    ///
    /// - Returns: whether some stream was owed something, and got nothing, in all of that time.
    public mutating func owedTimePassed(_ amount: TimeAmount) -> Bool {
        var owesSteps = false
        for index in streams.elements.indices {
            let isOwed = streams.elements[index].owedTimePassed(amount)
            owesSteps = owesSteps || isOwed
        }
        return owesSteps
    }

    /// Looks for streams that were forgotten; they are over.
    ///
    /// - Parameters:
    ///   - acceptTimeout: how long ACCEPT may take.
    ///   - tokenTimeout: how long the next token of a stream with credit may take.
    /// - Returns: the streams, the oldest first.
    public mutating func stallsChecked(
        acceptTimeout: TimeAmount,
        tokenTimeout: TimeAmount
    ) -> [Stalled] {
        let ids = zip(streams.ids, streams.elements).compactMap { id, stream in
            stream.owedFor >= (stream.isAccepted ? tokenTimeout : acceptTimeout) ? id : nil
        }
        return ids.compactMap { id in
            guard let stream = streams.remove(id), let orphan = stream.orphan else { return nil }
            return Stalled(
                stream: id,
                orphan: orphan,
                wasAccepted: stream.isAccepted,
                owedFor: stream.owedFor
            )
        }
    }
}

extension RouterConnectionMachine.Stream {
    /// What a stream had got at a time.
    struct Progress: Equatable {
        var isAccepted: Bool
        var receivedTokens: Int
    }

    fileprivate var isOwedSomething: Bool {
        cancelledAt == nil && (!isAccepted || credit.outstandingTokens > 0)
    }

    /// - Returns: whether something was owed, and nothing came, in all of that time.
    fileprivate mutating func owedTimePassed(_ amount: TimeAmount) -> Bool {
        let now = Progress(isAccepted: isAccepted, receivedTokens: receivedTokens)
        guard isOwedSomething, progress == now else {
            progress = isOwedSomething ? now : nil
            owedFor = .zero
            return false
        }
        owedFor = owedFor + amount
        return true
    }
}

extension RouterConnectionMachine.Stalled: Equatable where Recipient: Equatable {}
