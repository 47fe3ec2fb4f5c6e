import HocketEngine
import Synchronization

/// What a connection remembers: its last response and those which that one continues, kept or not.
///
/// So a response that is not to be kept can be continued where it was made, and nowhere else.
public final class ResponseChain: Sendable {
    /// What is remembered of one connection; longer chains are continued only if they are kept.
    private static let limits = ChainLimits(bytesMax: 16 << 20)

    /// The first of the conversation first.
    private let responses = Mutex<[StoredResponse]>([])

    /// Creates a memory of nothing.
    public init() {}

    /// Takes the chain out that ends at a response; nil if that is not the last.
    ///
    /// A request that continues it puts it back when it went well, so that one that fails leaves
    /// nothing to be continued.
    func take(endingAt id: String) -> [StoredResponse]? {
        responses.withLock { responses in
            guard responses.last?.id == id else { return nil }
            defer { responses = [] }
            return responses
        }
    }

    /// Remembers a response and those which it continues, instead of what was there.
    func remember(_ response: StoredResponse, after previous: [StoredResponse]) {
        let chain = previous + [response]
        let isTooLong =
            chain.count > Self.limits.responsesMax
            || chain.reduce(0) { $0 + $1.byteCount } > Self.limits.bytesMax
        responses.withLock { $0 = isTooLong ? [] : chain }
    }
}

/// Where a response goes in its connection's memory.
struct ChainLink: Sendable {
    let chain: ResponseChain
    /// What the response continues, the first of the conversation first.
    let previous: [StoredResponse]
}
