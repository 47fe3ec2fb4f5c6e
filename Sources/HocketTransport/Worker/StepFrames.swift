import HocketWire

/// Puts rows of tokens into as few STEP frames as the router's limits allow.
struct StepFrames {
    /// The most that a varint takes: a token, a stream's delta, a count.
    private static let varintBytesMax = 5
    /// The most that the tags, lengths and scalars of a STEP take.
    private static let fixedBytesMax = 128

    /// The engine's step; several frames may carry the same number.
    var number: UInt64 = 0
    private var builder = StepBuilder()
    private var lastStream = StreamID.connection

    /// Adds a row; frames that are full go to the output.
    ///
    /// - Throws: ``WireError`` when the router takes not even one token a frame.
    mutating func add(
        _ tokens: Span<UInt32>,
        to stream: StreamID,
        at nanoseconds: UInt64,
        output: inout FrameOutput
    ) throws(WireError) {
        var start = 0
        while start < tokens.count {
            if room(for: stream, output.limits) <= 0 { try flush(at: nanoseconds, into: &output) }
            let room = room(for: stream, output.limits)
            guard room > 0 else {
                throw WireError(.frameTooLarge, "the router takes no STEP of a single token")
            }
            let end = min(start + room, tokens.count)
            builder.add(stream, tokens: tokens.extracting(start..<end))
            lastStream = stream
            start = end
        }
    }

    /// Sends the rows to the output, if there are any.
    mutating func flush(at nanoseconds: UInt64, into output: inout FrameOutput) throws(WireError) {
        try output.append(&builder, number: number, monotonicNanoseconds: nanoseconds)
        lastStream = .connection
    }

    /// How many tokens of a stream the frame still takes, in a row of their own.
    private func room(for stream: StreamID, _ limits: PeerLimits) -> Int {
        guard stream > lastStream, builder.rowCount < limits.stepRowsMax else { return 0 }
        let varints = (limits.frameBytesMax - Self.fixedBytesMax) / Self.varintBytesMax
        return varints - 2 * (builder.rowCount + 1) - builder.tokenCount
    }
}
