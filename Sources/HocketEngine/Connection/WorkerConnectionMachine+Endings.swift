public import HocketWire
public import NIOCore

/// How streams end before their engine is done with them.
extension WorkerConnectionMachine {
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
}

extension WorkerConnectionMachine.Stream {
    /// Ends the stream whatever the engine does; parked tokens are dropped.
    fileprivate func cut(because reason: Finish.Reason) -> WorkerConnectionMachine.OnCancel {
        let produced = TokenUsage(promptTokens: promptTokens, outputTokens: producedTokens)
        return WorkerConnectionMachine.OnCancel(
            finish: counted(Finish(reason, usage: finish?.usage ?? produced, emittedTokens: 0)),
            engineRuns: finish == nil
        )
    }
}
