import Harmony
import NIOCore

/// What became of a batch that was posted (OTLP/HTTP: Response).
enum OTLPAnswer: Hashable, Sendable {
    /// It was taken, but for so many of its spans.
    case taken(rejected: Int)
    /// It was not, and never will be.
    case refused(status: Int)
    /// It may be later, after a pause if the collector asks for one.
    case later(status: Int, pause: TimeAmount?)
    /// Nobody answered.
    case none(reason: String)

    /// The statuses that ask for another attempt; no other one allows it.
    private static let retryableStatuses: Set<Int> = [429, 502, 503, 504]

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - retryAfter: the value of a `Retry-After` field, if there is one; only a number of
    ///     seconds is heeded, which is the form that OTLP recommends.
    ///   - body: JSON, as far as it was read.
    init(status: Int, retryAfter: String? = nil, body: [UInt8] = []) {
        switch status {
        case 200..<300: self = .taken(rejected: Self.rejected(in: body))
        case _ where Self.retryableStatuses.contains(status):
            self = .later(status: status, pause: retryAfter.flatMap(Self.pause))
        default: self = .refused(status: status)
        }
    }

    private static func pause(_ text: String) -> TimeAmount? {
        guard let seconds = UInt32(text) else { return nil }
        return .seconds(Int64(seconds))
    }

    /// The number in a `partialSuccess`: 64 bits, which JSON of Protobuf writes as a string.
    private static func rejected(in body: [UInt8]) -> Int {
        let answer = try? JSONValue(parsing: body)
        guard let count = answer?["partialSuccess"]?["rejectedSpans"] else { return 0 }
        return max(0, count.integer ?? count.string.flatMap { Int($0) } ?? 0)
    }
}
