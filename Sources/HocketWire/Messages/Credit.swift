/// CREDIT: the receiver of this frame may send that much more.
///
/// On a stream, tokens (router to worker). On stream 0, bytes of SUBMIT and QUERY (worker to
/// router).
public struct Credit: Hashable, Sendable {
    /// How much is added to what was granted before.
    public var amount: Int

    /// Creates a CREDIT.
    public init(_ amount: Int) {
        self.amount = amount
    }
}
