/// How something ended: gRPC's codes, a sentence, and what a machine needs to act on it.
///
/// It is the body of STREAM_ERROR and CONN_ERROR and a part of FINISH and REPLY.
public struct Status: Hashable, Sendable {
    /// The codes of gRPC, with gRPC's numbers.
    public enum Code: UInt32, Hashable, Sendable, CaseIterable {
        case ok = 0
        case cancelled = 1
        case unknown = 2
        case invalidArgument = 3
        case deadlineExceeded = 4
        case notFound = 5
        case alreadyExists = 6
        case permissionDenied = 7
        case resourceExhausted = 8
        case failedPrecondition = 9
        case aborted = 10
        case outOfRange = 11
        case unimplemented = 12
        case `internal` = 13
        case unavailable = 14
        case dataLoss = 15
        case unauthenticated = 16
    }

    /// Nothing went wrong.
    public static let ok = Status(.ok, "")

    /// What kind of end it was.
    ///
    /// A number that is not known arrives as ``Code/unknown``.
    public var code: Code
    /// One sentence for a person.
    ///
    /// It must not contain NUL; the wire cuts it there.
    public var message: String
    /// Whether the same request may succeed elsewhere, or here later.
    public var isRetryable: Bool
    /// The request parameter at fault, as the API spells it; empty when none is.
    public var parameter: String
    /// For machines that know the sender; opaque to all others.
    public var details: [UInt8]

    /// Creates a status.
    public init(
        _ code: Code,
        _ message: String,
        isRetryable: Bool = false,
        parameter: String = "",
        details: [UInt8] = []
    ) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
        self.parameter = parameter
        self.details = details
    }

    /// What to tell a peer that broke the protocol.
    public init(_ error: WireError) {
        let code: Code =
            switch error.code {
            case .versionUnsupported, .frameTypeUnknown: .unimplemented
            case .frameTooLarge, .arenaExhausted: .resourceExhausted
            case .frameUnexpected: .failedPrecondition
            case .truncated: .dataLoss
            default: .invalidArgument
            }
        self.init(code, error.description)
    }
}
