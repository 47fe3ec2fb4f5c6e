/// How something ended: gRPC's codes, a sentence, and what a machine needs to act on it.
///
/// It is the body of STREAM_ERROR and CONN_ERROR and a part of FINISH and REPLY.
public struct Status: Hashable, Sendable {
    /// The codes of gRPC, with gRPC's numbers.
    public enum Code: UInt32, Hashable, Sendable, CaseIterable {
        /// Nothing went wrong.
        case ok = 0
        /// Whoever asked wants no answer any more.
        case cancelled = 1
        /// A number that this version does not know.
        case unknown = 2
        /// The request cannot be served as it is.
        case invalidArgument = 3
        /// Time was up.
        case deadlineExceeded = 4
        /// There is no such thing: a model, usually.
        case notFound = 5
        /// There is one already: a worker of that name.
        case alreadyExists = 6
        /// The peer may not do this.
        case permissionDenied = 7
        /// A limit was reached.
        case resourceExhausted = 8
        /// Not as things are: another vocabulary, a frame out of place.
        case failedPrecondition = 9
        /// Given up half-way.
        case aborted = 10
        /// A number of the request is beyond its range.
        case outOfRange = 11
        /// This side cannot do that, ever.
        case unimplemented = 12
        /// A fault of this side.
        case `internal` = 13
        /// Not now: draining, or gone.
        case unavailable = 14
        /// Something was lost on the way.
        case dataLoss = 15
        /// The peer did not say who it is.
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
            case .frameTooLarge, .frameRateExceeded, .arenaExhausted: .resourceExhausted
            case .frameUnexpected: .failedPrecondition
            case .truncated: .dataLoss
            default: .invalidArgument
            }
        self.init(code, error.description)
    }
}
