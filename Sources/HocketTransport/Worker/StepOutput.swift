public import HocketWire
package import NIOCore

/// What one step of an engine gave: new tokens by stream, and the streams that ended.
///
/// Columns rather than rows, so that a step of many streams costs a few arrays and not one each;
/// a step's output is reused for the next by ``removeAll()``.
public struct StepOutput: Sendable {
    /// A stream and how many of the tokens are its.
    struct Row: Sendable {
        var stream: StreamID
        var tokens: Range<Int>
        /// As many entries as tokens, if the stream asked for them.
        var logprobs: LogprobColumns?
    }

    private(set) var rows: [Row] = []
    private(set) var tokens: [UInt32] = []
    private(set) var finishes: [(stream: StreamID, finish: Finish)] = []
    /// How busy the engine was at the end of the step.
    public var load = EngineLoad()
    /// Bytes to put on the socket as they are, for a test double that misbehaves.
    package var rawBytes: ByteBuffer?

    /// Creates the output of a step that gave nothing yet.
    public init() {}

    /// The streams that ended in this step.
    public var finishedStreams: some Sequence<StreamID> { finishes.lazy.map(\.stream) }

    /// Whether the step gave nothing.
    public var isEmpty: Bool { rows.isEmpty && finishes.isEmpty && rawBytes == nil }

    /// Adds a stream's new tokens.
    ///
    /// - Parameters:
    ///   - newTokens: the tokens.
    ///   - stream: the stream.
    ///   - logprobs: one entry for each token, with as many likely tokens as the stream asked
    ///     for; nil if it asked for none.
    public mutating func append(
        _ newTokens: some Collection<UInt32>,
        to stream: StreamID,
        logprobs: LogprobColumns? = nil
    ) {
        guard !newTokens.isEmpty else { return }
        let start = tokens.count
        tokens.append(contentsOf: newTokens)
        let range = start..<tokens.count
        precondition(logprobs?.count ?? range.count == range.count, "one entry for each token")
        rows.append(Row(stream: stream, tokens: range, logprobs: logprobs))
    }

    /// Ends a stream, after the tokens it was given in this step.
    ///
    /// - Parameters:
    ///   - reason: why; `stop` when the last token is a stop token.
    ///   - usage: what the stream used.
    public mutating func finish(_ stream: StreamID, _ reason: Finish.Reason, usage: TokenUsage) {
        finishes.append((stream, Finish(reason, usage: usage, emittedTokens: 0)))
    }

    /// Ends a stream that cannot go on, after the tokens it was given in this step; the others do.
    ///
    /// - Parameter status: why; without a token and retryable, another worker takes its place.
    public mutating func fail(_ stream: StreamID, _ status: Status) {
        finishes.append((stream, Finish(.error, status: status, emittedTokens: 0)))
    }

    /// Forgets everything but keeps the memory.
    public mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        finishes.removeAll(keepingCapacity: true)
        rawBytes = nil
    }

    /// Puts the rows into the order of their streams, in which STEP needs them.
    public mutating func sortRows() {
        rows.sort { $0.stream < $1.stream }
    }
}
