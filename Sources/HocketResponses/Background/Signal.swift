/// Wakes one task; several raises before it looks count as one.
struct Signal: Sendable {
    /// An element for every time that the signal was raised since the last.
    let raised: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (raised, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func raise() {
        continuation.yield()
    }
}
