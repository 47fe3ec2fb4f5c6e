public import HocketWire
public import NIOCore

/// The streams of a connection, as the router sees them.
extension RouterConnectionMachine {
    /// A sampling was placed on this worker.
    ///
    /// - Parameter expiresAt: when the router ends it, if the worker has not; nil for never.
    /// - Returns: the stream to send SUBMIT on, or nil when the connection opens none any more.
    public mutating func samplingPlaced(
        for recipient: Recipient,
        expiresAt: NIODeadline? = nil
    ) -> StreamID? {
        guard state == .serving, let id = nextStream else { return nil }
        nextStream = id.next
        let credit = CreditWindow(windowTokens: windowTokens)
        streams.append(Stream(recipient: recipient, credit: credit, expiresAt: expiresAt), for: id)
        return id
    }

    /// The sampling that was placed last was not sent after all; the next one gets its stream.
    ///
    /// The worker takes no message of its size, or not now.
    public mutating func samplingWithdrawn(on id: StreamID) {
        _ = streams.remove(id)
        nextStream = id
    }

    /// The worker accepted a stream.
    ///
    /// - Returns: who wants to know what it says; nil when that has left.
    /// - Throws: ``WireError`` when the stream was never opened, or accepted before.
    @discardableResult
    public mutating func acceptReceived(on id: StreamID) throws(WireError) -> Recipient? {
        try requireOpened(id, .accept)
        guard let index = streams.index(of: id) else { return nil }
        guard !streams.elements[index].isAccepted else {
            throw WireError(.frameUnexpected, "a second ACCEPT on stream \(id)")
        }
        streams.elements[index].isAccepted = true
        return streams.elements[index].recipient
    }

    /// What to do with a row of tokens.
    public enum OnTokens {
        /// Hand the tokens to the recipient.
        case deliver(Recipient)
        /// Nobody wants them any more; they are counted in ``droppedTokens``.
        case drop
        /// The worker sent more than it had credit for: tell it with STREAM_ERROR.
        case overrun(Recipient)
    }

    // Every row passes here: inlinable, it is specialised for the recipients of another module.
    /// A row of a STEP was received.
    ///
    /// - Throws: ``WireError`` when the stream was never opened, for the worker made it up, or was
    ///   not accepted.
    @inlinable
    public mutating func tokensReceived(
        _ count: Int,
        on id: StreamID
    ) throws(WireError) -> OnTokens {
        guard let index = streams.index(of: id) else { return try lateTokens(count, on: id) }
        guard streams.elements[index].isAccepted else { throw beforeAccept(.step, id) }
        streams.elements[index].receivedTokens += count
        guard streams.elements[index].credit.tokensReceived(count) else {
            return overrun(at: index, by: count)
        }
        guard let recipient = streams.elements[index].recipient else {
            return try lateTokens(count, on: id)
        }
        return .deliver(recipient)
    }

    @usableFromInline
    mutating func lateTokens(_ count: Int, on id: StreamID) throws(WireError) -> OnTokens {
        try requireOpened(id, .step)
        droppedTokens += count
        return .drop
    }

    @usableFromInline
    mutating func overrun(at index: Int, by count: Int) -> OnTokens {
        droppedTokens += count
        let stream = streams.remove(at: index)
        // Who waits for FINISH waits in vain: the stream is over.
        return (stream.recipient ?? stream.waiting).map { .overrun($0) } ?? .drop
    }

    /// The worker broke a rule on a stream: it is over, and what still comes for it is counted
    /// and dropped.
    public mutating func streamFaulted(on id: StreamID) {
        _ = streams.remove(id)
    }

    /// The recipient consumed tokens.
    ///
    /// - Returns: whether to grant as many again with a CREDIT frame.
    public mutating func tokensConsumed(_ count: Int, on id: StreamID) -> Bool {
        guard let index = streams.index(of: id), streams.elements[index].recipient != nil else {
            return false
        }
        streams.elements[index].credit.tokensGranted(count)
        return true
    }

    /// The recipient cancelled its stream.
    ///
    /// - Parameters:
    ///   - waits: whether the recipient waits for FINISH, to learn what was used; it gets no
    ///     tokens any more either way.
    ///   - now: FINISH is due so long after.
    /// - Returns: whether to send CANCEL; not for a stream that is over or cancelled already.
    public mutating func cancelRequested(
        on id: StreamID,
        waits: Bool = false,
        now: NIODeadline
    ) -> Bool {
        guard let index = streams.index(of: id), streams.elements[index].cancelledAt == nil else {
            return false
        }
        streams.elements[index].waiting = waits ? streams.elements[index].recipient : nil
        streams.elements[index].recipient = nil
        streams.elements[index].cancelledAt = now
        return true
    }

    /// CANCEL has to wait until the worker takes it: its FINISH is not due yet.
    public mutating func cancelDelayed(on id: StreamID) {
        guard let index = streams.index(of: id) else { return }
        streams.elements[index].cancelledAt = .distantFuture
    }

    /// The worker takes CANCEL now: its FINISH is due so long after.
    ///
    /// - Returns: whether to send it; not for a stream that is over.
    public mutating func workerReadyForCancel(on id: StreamID, now: NIODeadline) -> Bool {
        guard let index = streams.index(of: id) else { return false }
        streams.elements[index].cancelledAt = now
        return true
    }

    /// What to do with the end of a stream.
    public enum OnFinish {
        /// Tell the recipient.
        case finished(Recipient)
        /// Tokens were lost on the way: fail the recipient. A lost token is never silent.
        case miscounted(Recipient, received: Int)
        /// The recipient left before; what the stream used is to be counted all the same.
        case late
        /// The stream was over.
        case ignore
    }

    /// FINISH was received: the stream is over.
    ///
    /// - Parameter emittedTokens: how many tokens the worker says it sent.
    /// - Throws: ``WireError`` when the stream was never opened, or not accepted.
    public mutating func finishReceived(
        on id: StreamID,
        emittedTokens: Int
    ) throws(WireError) -> OnFinish {
        guard let index = streams.index(of: id) else {
            try requireOpened(id, .finish)
            return .ignore
        }
        guard streams.elements[index].isAccepted else { throw beforeAccept(.finish, id) }
        let stream = streams.remove(at: index)
        guard let recipient = stream.recipient ?? stream.waiting else { return .late }
        guard stream.receivedTokens == emittedTokens else {
            return .miscounted(recipient, received: stream.receivedTokens)
        }
        return .finished(recipient)
    }

    /// STREAM_ERROR was received: the stream is over.
    ///
    /// - Returns: what is left of the stream, if it has a recipient.
    /// - Throws: ``WireError`` when the stream was never opened.
    public mutating func streamErrorReceived(on id: StreamID) throws(WireError) -> Orphan? {
        guard let stream = streams.remove(id) else {
            try requireOpened(id, .streamError)
            return nil
        }
        return stream.orphan
    }

    @usableFromInline
    func beforeAccept(_ type: FrameType, _ id: StreamID) -> WireError {
        WireError(.frameUnexpected, "\(type) on stream \(id) before its ACCEPT")
    }

    /// Throws for a stream that this connection never opened.
    private func requireOpened(_ id: StreamID, _ type: FrameType) throws(WireError) {
        guard id.opener == .router, nextStream.map({ id < $0 }) ?? true else {
            throw WireError(.frameUnexpected, "\(type) on stream \(id), which was never opened")
        }
    }
}

extension RouterConnectionMachine.OnTokens: Equatable where Recipient: Equatable {}
extension RouterConnectionMachine.OnFinish: Equatable where Recipient: Equatable {}
