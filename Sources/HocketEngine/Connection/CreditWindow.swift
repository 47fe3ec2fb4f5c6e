/// How many tokens a worker may still send on one stream.
///
/// The router opens a stream with a window of credit and grants again what the stream's consumer
/// has taken, so that a stream whose client keeps up never waits, and one whose client does not
/// stops after one window.
@usableFromInline
struct CreditWindow: Hashable, Sendable {
    /// Tokens the worker may still send.
    @usableFromInline var outstandingTokens: Int

    init(windowTokens: Int) {
        precondition(windowTokens > 0, "a stream needs a window of at least one token")
        outstandingTokens = windowTokens
    }

    /// The worker sent tokens.
    ///
    /// - Returns: whether it had the credit for them.
    @inlinable
    mutating func tokensReceived(_ count: Int) -> Bool {
        outstandingTokens -= count
        return outstandingTokens >= 0
    }

    /// The worker was granted credit.
    mutating func tokensGranted(_ count: Int) {
        outstandingTokens += count
    }
}
