/// The log probabilities of some tokens of one stream, in columns of their own that may be kept.
///
/// What ``StepLogprobs`` lends for a moment this holds: for an engine's output, for tokens that
/// wait for credit, and on the way to another event loop.
public struct LogprobColumns: Hashable, Sendable {
    /// How many of the most likely tokens stand beside each token.
    public let topCount: Int
    /// One for each token.
    fileprivate var chosen: [Float] = []
    /// ``topCount`` for each token, the best first.
    fileprivate var topIDs: [UInt32] = []
    fileprivate var topLogprobs: [Float] = []

    /// Creates columns without a token.
    ///
    /// - Parameter topCount: how many of the most likely tokens stand beside each token.
    public init(topCount: Int) {
        precondition(topCount >= 0, "\(topCount) tokens beside each token")
        self.topCount = topCount
    }

    /// Copies what belongs to a row of a STEP.
    public init(_ row: borrowing StepLogprobs) {
        topCount = row.topCount
        unsafe chosen = Array(row.chosen)
        unsafe topIDs = Array(row.topIDs)
        unsafe topLogprobs = Array(row.topLogprobs)
    }

    /// The number of tokens.
    public var count: Int { chosen.count }

    /// Adds a token.
    ///
    /// - Parameters:
    ///   - logprob: the natural logarithm of its probability.
    ///   - top: the ``topCount`` most likely tokens at its place, the best first.
    public mutating func append(
        _ logprob: Float,
        top: some Collection<(tokenID: UInt32, logprob: Float)>
    ) {
        precondition(top.count == topCount, "\(top.count) likely tokens instead of \(topCount)")
        chosen.append(logprob)
        for candidate in top {
            topIDs.append(candidate.tokenID)
            topLogprobs.append(candidate.logprob)
        }
    }

    /// Adds the tokens of other columns with as many likely tokens beside each.
    public mutating func append(contentsOf other: LogprobColumns) {
        precondition(other.topCount == topCount, "\(other.topCount) likely tokens, not \(topCount)")
        chosen += other.chosen
        topIDs += other.topIDs
        topLogprobs += other.topLogprobs
    }

    /// Some of the tokens, by their places from 0 on.
    public subscript(tokens: Range<Int>) -> LogprobColumns {
        var part = LogprobColumns(topCount: topCount)
        let top = tokens.lowerBound * topCount..<tokens.upperBound * topCount
        part.chosen = Array(chosen[tokens])
        part.topIDs = Array(topIDs[top])
        part.topLogprobs = Array(topLogprobs[top])
        return part
    }

    /// Lends the columns in the form in which a row of a STEP has them.
    public func withRow<Result>(_ body: (borrowing StepLogprobs) -> Result) -> Result {
        unsafe chosen.withUnsafeBufferPointer { chosen in
            unsafe topIDs.withUnsafeBufferPointer { topIDs in
                unsafe topLogprobs.withUnsafeBufferPointer { topLogprobs in
                    let row = unsafe StepLogprobs(
                        chosen: chosen,
                        topIDs: topIDs,
                        topLogprobs: topLogprobs,
                        topCount: topCount
                    )
                    return body(row)
                }
            }
        }
    }
}

extension StepBuilder {
    /// Adds a row with log probabilities.
    ///
    /// - Parameters:
    ///   - stream: a stream of the router, greater than that of the row before.
    ///   - tokens: its new tokens; at least one.
    ///   - logprobs: as many entries, with ``topCount`` likely tokens each.
    public mutating func add(
        _ stream: StreamID,
        tokens: Span<UInt32>,
        logprobs: LogprobColumns
    ) {
        precondition(logprobs.topCount == topCount, "\(topCount) likely tokens a token")
        add(
            stream,
            tokens: tokens,
            logprobs: logprobs.chosen.span,
            topIDs: logprobs.topIDs.span,
            topLogprobs: logprobs.topLogprobs.span
        )
    }
}
