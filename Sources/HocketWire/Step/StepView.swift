/// The content of one STEP frame, read where it was unpacked.
///
/// It is valid inside the closure that receives it, and cannot leave it. Its columns have been
/// checked against each other, against the limits and against the vocabulary, so that what
/// follows need not.
@safe
public struct StepView: ~Copyable {
    /// The engine's step.
    ///
    /// Several frames may carry the same number.
    public let number: UInt64

    /// When the step ended, on the worker's monotonic clock.
    public let monotonicNanoseconds: UInt64

    @usableFromInline let streamDeltas: UnsafeBufferPointer<UInt32>
    @usableFromInline let counts: UnsafeBufferPointer<UInt32>
    @usableFromInline let tokenIDs: UnsafeBufferPointer<UInt32>
    @usableFromInline let logprobs: UnsafeBufferPointer<Float>
    @usableFromInline let topCount: Int
    @usableFromInline let topIDs: UnsafeBufferPointer<UInt32>
    @usableFromInline let topLogprobs: UnsafeBufferPointer<Float>
}

extension StepView {
    /// Streams that have tokens in this frame.
    @inlinable public var rowCount: Int { unsafe streamDeltas.count }

    /// Tokens of all streams.
    @inlinable public var tokenCount: Int { unsafe tokenIDs.count }

    /// Visits the rows in ascending order of streams.
    ///
    /// - Parameter body: receives the stream, its new tokens (at least one), and their log
    ///   probabilities.
    @inlinable
    public func forEachRow<Failure: Error>(
        _ body: (StreamID, Span<UInt32>, borrowing StepLogprobs) throws(Failure) -> Void
    ) throws(Failure) {
        var stream: UInt32 = 0
        var start = 0
        let tokens = unsafe tokenIDs.span
        for row in unsafe streamDeltas.indices {
            stream += unsafe streamDeltas[row]
            let end = start + (unsafe counts.isEmpty ? 1 : Int(unsafe counts[row]))
            try body(
                StreamID(unchecked: stream),
                tokens.extracting(start..<end),
                rowLogprobs(start..<end)
            )
            start = end
        }
    }

    @inlinable
    func rowLogprobs(_ range: Range<Int>) -> StepLogprobs {
        guard unsafe !logprobs.isEmpty else { return StepLogprobs() }
        let top = (range.lowerBound * topCount)..<(range.upperBound * topCount)
        return unsafe StepLogprobs(
            chosen: UnsafeBufferPointer(rebasing: logprobs[range]),
            topIDs: UnsafeBufferPointer(rebasing: topIDs[top]),
            topLogprobs: UnsafeBufferPointer(rebasing: topLogprobs[top]),
            topCount: topCount
        )
    }
}
