public import HocketWire

/// Questions, each on a stream of its own: the router's on odd ones, the worker's on even ones.
extension RouterConnectionMachine {
    /// The questions that the worker has not answered.
    public var openQueries: Int { queries.count }

    /// A question is asked.
    ///
    /// - Returns: the stream to send QUERY on, or nil when the connection opens none any more.
    public mutating func queryPlaced() -> StreamID? {
        guard state == .serving, let id = nextStream else { return nil }
        nextStream = id.next
        queries.insert(id)
        return id
    }

    /// The question that was placed last was not sent after all; the next stream gets its id.
    public mutating func queryWithdrawn(on id: StreamID) {
        queries.remove(id)
        nextStream = id
    }

    /// REPLY was received.
    ///
    /// - Throws: ``WireError`` when it answers no question, or one that was answered before.
    public mutating func replyReceived(on id: StreamID) throws(WireError) {
        guard queries.remove(id) != nil else {
            throw WireError(.frameUnexpected, "a REPLY to no QUERY, on stream \(id)")
        }
    }

    /// STREAM_ERROR was received.
    ///
    /// - Returns: whether it answers a question; if not, it ends a sampling.
    public mutating func queryRefused(on id: StreamID) -> Bool { queries.remove(id) != nil }

    /// The worker asked something.
    ///
    /// - Throws: ``WireError`` when its stream id is not newer than all before.
    public mutating func queryReceived(on id: StreamID) throws(WireError) {
        guard id.opener == .worker, id > newestQueryOfWorker else {
            throw WireError(
                .frameUnexpected,
                "QUERY on stream \(id) after one on \(newestQueryOfWorker)"
            )
        }
        newestQueryOfWorker = id
    }
}
