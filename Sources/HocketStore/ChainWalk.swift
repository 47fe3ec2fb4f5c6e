import HocketEngine

/// Follows a response to those that it continues, one at a time.
///
/// A chain that bites its tail ends at the limit, like any that is too long.
struct ChainWalk {
    private let limits: ChainLimits
    private var newestFirst: [StoredResponse] = []
    private var byteCount = 0
    /// The id of the response to be added next; nil when the chain is complete.
    private(set) var wanted: String?

    init(endingAt id: String, limits: ChainLimits) {
        self.limits = limits
        wanted = id
    }

    /// The responses so far, the first of the conversation first.
    var oldestFirst: [StoredResponse] { newestFirst.reversed() }

    /// The wanted response was looked for.
    ///
    /// - Parameter response: nil when it is not stored.
    mutating func add(_ response: StoredResponse?) throws(StoreError) {
        guard let response else { throw broken }
        newestFirst.append(response)
        byteCount += response.byteCount
        guard newestFirst.count <= limits.responsesMax, byteCount <= limits.bytesMax else {
            throw tooLong
        }
        wanted = response.previousID
    }

    private var broken: StoreError {
        let id = wanted ?? ""
        guard let successor = newestFirst.last else { return .notFound(id) }
        return StoreError(
            code: .notFound,
            message: "response \(id), which \(successor.id) continues, is not stored"
        )
    }

    private var tooLong: StoreError {
        StoreError(
            code: .tooLarge,
            message: "the conversation that ends with \(newestFirst[0].id) is too long "
                + "(max: \(limits.responsesMax) responses, \(limits.bytesMax) bytes; "
                + "read: \(newestFirst.count) responses, \(byteCount) bytes)"
        )
    }
}
