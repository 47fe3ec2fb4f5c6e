import HocketEngine

/// How much a store keeps.
///
/// A write that takes the store over a limit makes it forget what is oldest, responses that are
/// finished before those that are not, never the one that is written. What is over age is absent
/// from the moment that it is, and removed by the next write that succeeds.
public struct StoreLimits: Hashable, Sendable {
    /// The most responses; at least 1.
    public var responsesMax: Int
    /// The most bytes of objects, input items and events.
    ///
    /// A response that is larger on its own is refused.
    public var bytesMax: Int
    /// How long a response is kept after it was asked for.
    public var ageSecondsMax: Int

    /// Creates limits; unless told otherwise a store keeps a gigabyte for thirty days.
    public init(
        responsesMax: Int = 100_000,
        bytesMax: Int = 1 << 30,
        ageSecondsMax: Int = 30 * 86_400
    ) {
        precondition(responsesMax > 0, "a store that keeps \(responsesMax) responses")
        self.responsesMax = responsesMax
        self.bytesMax = bytesMax
        self.ageSecondsMax = ageSecondsMax
    }

    /// Whether a store may hold so much.
    func allow(_ usage: StoreUsage) -> Bool {
        usage.responses <= responsesMax && usage.bytes <= bytesMax
    }

    /// The earliest creation, in seconds since 1970, that is not over age.
    func oldestCreation(at now: Int) -> Int { now - ageSecondsMax }

    /// Refuses a response that no forgetting of others makes room for.
    func check(_ id: String, byteCount: Int) throws(StoreError) {
        guard byteCount > bytesMax else { return }
        throw StoreError(
            code: .tooLarge,
            message: "response \(id) is larger than the store "
                + "(max: \(bytesMax) bytes, actual: \(byteCount))"
        )
    }
}
