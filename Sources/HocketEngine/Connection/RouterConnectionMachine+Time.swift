public import HocketWire
public import NIOCore

/// What is due on a connection's streams, as time passes.
extension RouterConnectionMachine {
    /// A stream whose deadline passed without a FINISH: send CANCEL and tell its recipient.
    public struct Expired {
        /// The stream.
        public var stream: StreamID
        /// Who waits for it.
        public var recipient: Recipient
    }

    /// Looks for streams that outlived their deadline; they are cancelled.
    ///
    /// - Returns: the streams, the oldest first.
    public mutating func deadlinesChecked(now: NIODeadline) -> [Expired] {
        var expired: [Expired] = []
        for (id, stream) in zip(streams.ids, streams.elements) where stream.isExpired(now) {
            guard let recipient = stream.recipient else { continue }
            expired.append(Expired(stream: id, recipient: recipient))
        }
        for stream in expired { _ = cancelRequested(on: stream.stream, now: now) }
        return expired
    }

    /// A stream whose FINISH is overdue: the worker was told to end it so long ago.
    ///
    /// A worker that does not answer CANCEL does not read, or has forgotten the stream: either
    /// way nothing it says can be relied on.
    public func unansweredCancel(after timeout: TimeAmount, now: NIODeadline) -> StreamID? {
        streams.elements
            .firstIndex { $0.cancelledAt.map { now - $0 >= timeout } ?? false }
            .map { streams.ids[$0] }
    }
}

extension RouterConnectionMachine.Stream {
    fileprivate func isExpired(_ now: NIODeadline) -> Bool {
        guard let expiresAt, cancelledAt == nil else { return false }
        return now >= expiresAt
    }
}

extension RouterConnectionMachine.Expired: Equatable where Recipient: Equatable {}
