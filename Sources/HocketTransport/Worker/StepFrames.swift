import HocketWire

/// Puts rows of tokens into as few STEP frames as the router's limits allow.
///
/// Rows with log probabilities go into frames of their own, one for each number of likely tokens
/// beside a token, since the columns of a frame are there for all of its rows or for none.
struct StepFrames {
    /// The engine's step; several frames may carry the same number.
    var number: UInt64 = 0
    private var frames = [OpenFrame(StepBuilder())]

    /// Adds a row; frames that are full go to the output.
    ///
    /// - Parameters:
    ///   - tokens: the new tokens.
    ///   - logprobs: one entry for each, if the stream asked for them.
    /// - Throws: ``WireError`` when the router takes not even one token a frame.
    mutating func add(
        _ tokens: Span<UInt32>,
        _ logprobs: LogprobColumns? = nil,
        to stream: StreamID,
        at nanoseconds: UInt64,
        output: inout FrameOutput
    ) throws(WireError) {
        let frame = frame(for: logprobs)
        var start = 0
        while start < tokens.count {
            if frames[frame].room(for: stream, output.limits) <= 0 {
                try frames[frame].flush(number, at: nanoseconds, into: &output)
            }
            let room = frames[frame].room(for: stream, output.limits)
            guard room > 0 else {
                throw WireError(.frameTooLarge, "the router takes no STEP of a single token")
            }
            let end = min(start + room, tokens.count)
            frames[frame].add(tokens.extracting(start..<end), logprobs?[start..<end], to: stream)
            start = end
        }
    }

    /// Sends the rows to the output, if there are any.
    mutating func flush(at nanoseconds: UInt64, into output: inout FrameOutput) throws(WireError) {
        for frame in frames.indices {
            try frames[frame].flush(number, at: nanoseconds, into: &output)
        }
    }

    /// Which frame a row belongs to; the first is that of rows without log probabilities.
    private mutating func frame(for logprobs: LogprobColumns?) -> Int {
        guard let logprobs else { return 0 }
        let index = frames.dropFirst().firstIndex { $0.topCount == logprobs.topCount }
        if let index { return index }
        frames.append(OpenFrame(StepBuilder(logprobsWithTop: logprobs.topCount)))
        return frames.count - 1
    }
}

/// A frame to which rows are added.
private struct OpenFrame {
    /// The most that a varint takes: a token, a stream's delta, a count.
    private static let varintBytesMax = 5
    /// What a log probability takes.
    private static let floatBytes = 4
    /// The most that the tags, lengths and scalars of a STEP take.
    private static let fixedBytesMax = 128

    private var builder: StepBuilder
    private var lastStream = StreamID.connection

    init(_ builder: StepBuilder) {
        self.builder = builder
    }

    /// How many likely tokens stand beside each token.
    var topCount: Int { builder.topCount }

    mutating func add(_ tokens: Span<UInt32>, _ logprobs: LogprobColumns?, to stream: StreamID) {
        if let logprobs {
            builder.add(stream, tokens: tokens, logprobs: logprobs)
        } else {
            builder.add(stream, tokens: tokens)
        }
        lastStream = stream
    }

    mutating func flush(
        _ number: UInt64,
        at nanoseconds: UInt64,
        into output: inout FrameOutput
    ) throws(WireError) {
        try output.append(&builder, number: number, monotonicNanoseconds: nanoseconds)
        lastStream = .connection
    }

    /// How many tokens of a stream the frame still takes, in a row of their own.
    func room(for stream: StreamID, _ limits: PeerLimits) -> Int {
        guard stream > lastStream, builder.rowCount < limits.stepRowsMax else { return 0 }
        let rowBytes = 2 * (builder.rowCount + 1) * Self.varintBytesMax
        let bytes = limits.frameBytesMax - Self.fixedBytesMax - rowBytes
        return bytes / tokenBytesMax - builder.tokenCount
    }

    private var tokenBytesMax: Int {
        guard builder.hasLogprobs else { return Self.varintBytesMax }
        return (1 + topCount) * (Self.varintBytesMax + Self.floatBytes)
    }
}
