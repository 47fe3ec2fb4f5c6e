/// Collects the new tokens of one engine step, and writes them as one STEP frame.
///
/// Keep one and use it for every step: its columns keep their memory. Streams with log
/// probabilities go into a builder of their own, one for each ``topCount``.
public struct StepBuilder: Sendable {
    /// Whether rows carry log probabilities.
    public let hasLogprobs: Bool

    /// How many of the most likely tokens stand beside each token.
    public let topCount: Int

    var lastStream: UInt32 = 0
    var streamDeltas: [UInt32] = []
    var counts: [UInt32] = []
    var allCountsAreOne = true
    var tokenIDs: [UInt32] = []
    var logprobs: [Float] = []
    var topIDs: [UInt32] = []
    var topLogprobs: [Float] = []

    /// A builder for rows of token ids alone.
    public init() {
        hasLogprobs = false
        topCount = 0
    }

    /// A builder for rows with log probabilities.
    ///
    /// - Parameter topCount: how many of the most likely tokens stand beside each token.
    public init(logprobsWithTop topCount: Int) {
        hasLogprobs = true
        self.topCount = topCount
    }

    /// Streams that have tokens.
    public var rowCount: Int { streamDeltas.count }

    /// Tokens of all streams.
    public var tokenCount: Int { tokenIDs.count }

    /// Whether there is nothing to send.
    public var isEmpty: Bool { streamDeltas.isEmpty }

    /// Adds a row.
    ///
    /// - Parameters:
    ///   - stream: a stream of the router, greater than that of the row before.
    ///   - tokens: its new tokens; at least one.
    public mutating func add(_ stream: StreamID, tokens: Span<UInt32>) {
        precondition(!hasLogprobs, "this builder's rows have log probabilities")
        appendRow(stream, tokens)
    }

    /// Adds a row with log probabilities.
    ///
    /// - Parameters:
    ///   - stream: a stream of the router, greater than that of the row before.
    ///   - tokens: its new tokens; at least one.
    ///   - logprobs: one for each token.
    ///   - topIDs: the ``topCount`` most likely for each token, best first.
    ///   - topLogprobs: the same, their log probabilities.
    public mutating func add(
        _ stream: StreamID,
        tokens: Span<UInt32>,
        logprobs: Span<Float>,
        topIDs: Span<UInt32>,
        topLogprobs: Span<Float>
    ) {
        precondition(hasLogprobs, "this builder's rows have no log probabilities")
        precondition(logprobs.count == tokens.count, "one log probability for each token")
        let top = tokens.count * topCount
        precondition(topIDs.count == top && topLogprobs.count == top, "\(topCount) a token")
        appendRow(stream, tokens)
        self.logprobs.append(contentsOf: logprobs)
        self.topIDs.append(contentsOf: topIDs)
        self.topLogprobs.append(contentsOf: topLogprobs)
    }

    /// Forgets all rows, and keeps their memory.
    public mutating func removeAll() {
        lastStream = 0
        streamDeltas.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        allCountsAreOne = true
        tokenIDs.removeAll(keepingCapacity: true)
        logprobs.removeAll(keepingCapacity: true)
        topIDs.removeAll(keepingCapacity: true)
        topLogprobs.removeAll(keepingCapacity: true)
    }

    private mutating func appendRow(_ stream: StreamID, _ tokens: Span<UInt32>) {
        precondition(stream.opener == .router, "stream \(stream) is not the router's")
        precondition(stream.rawValue > lastStream, "stream \(stream) after \(lastStream)")
        precondition(!tokens.isEmpty, "a row without tokens")
        streamDeltas.append(stream.rawValue - lastStream)
        lastStream = stream.rawValue
        counts.append(UInt32(tokens.count))
        allCountsAreOne = allCountsAreOne && tokens.count == 1
        tokenIDs.append(contentsOf: tokens)
    }
}

extension Array where Element: BitwiseCopyable {
    fileprivate mutating func append(contentsOf span: Span<Element>) {
        for index in span.indices { append(span[index]) }
    }
}
