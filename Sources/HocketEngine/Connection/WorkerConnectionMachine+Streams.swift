public import HocketWire
public import NIOCore

/// How streams begin, as the worker sees them.
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

    private mutating func open(_ id: StreamID, _ type: FrameType) throws(WireError) {
        guard id > newest else {
            throw WireError(.frameUnexpected, "\(type) on stream \(id) after one on \(newest)")
        }
        newest = id
    }

    /// Throws for a stream that the router never opened.
    func requireOpened(_ id: StreamID, _ type: FrameType) throws(WireError) {
        guard id <= newest else {
            throw WireError(.frameUnexpected, "\(type) on stream \(id), which was never opened")
        }
    }
}
