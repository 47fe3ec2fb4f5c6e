/// The log probabilities of the tokens of one row; empty for streams that did not ask.
///
/// Like the ``StepView`` that it belongs to, it cannot leave the closure that receives it.
@safe
public struct StepLogprobs: ~Copyable {
    @usableFromInline let chosen: UnsafeBufferPointer<Float>
    @usableFromInline let topIDs: UnsafeBufferPointer<UInt32>
    @usableFromInline let topLogprobs: UnsafeBufferPointer<Float>

    /// How many of the most likely tokens stand beside each token.
    public let topCount: Int

    @inlinable
    init() {
        unsafe chosen = UnsafeBufferPointer(start: nil, count: 0)
        unsafe topIDs = UnsafeBufferPointer(start: nil, count: 0)
        unsafe topLogprobs = UnsafeBufferPointer(start: nil, count: 0)
        topCount = 0
    }

    @inlinable
    init(
        chosen: UnsafeBufferPointer<Float>,
        topIDs: UnsafeBufferPointer<UInt32>,
        topLogprobs: UnsafeBufferPointer<Float>,
        topCount: Int
    ) {
        unsafe self.chosen = chosen
        unsafe self.topIDs = topIDs
        unsafe self.topLogprobs = topLogprobs
        self.topCount = topCount
    }

    /// Whether there are none.
    @inlinable public var isEmpty: Bool { unsafe chosen.isEmpty }

    /// The log probability of a token, by its index in the row.
    @inlinable
    public subscript(index: Int) -> Float { unsafe chosen[index] }

    /// One of the most likely tokens beside a token, the best at rank 0.
    @inlinable
    public func top(_ index: Int, rank: Int) -> (tokenID: UInt32, logprob: Float) {
        precondition(rank >= 0 && rank < topCount, "rank \(rank) of \(topCount)")
        let position = index * topCount + rank
        return unsafe (topIDs[position], topLogprobs[position])
    }
}
