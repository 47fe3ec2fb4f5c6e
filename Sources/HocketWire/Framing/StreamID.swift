/// Which stream of a connection a frame belongs to; 0 is the connection itself.
///
/// The side that opens a stream chooses its id, ascending and never used twice in a connection:
/// the router odd ids (for SUBMIT and QUERY), the worker even ones (for QUERY).
public struct StreamID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The greatest id.
    ///
    /// A connection that has used it up is drained and replaced.
    public static let rawValueMax: UInt32 = 0x7FFF_FFFF

    /// The connection itself.
    public static let connection = StreamID(unchecked: 0)

    /// The first stream of a router.
    public static let firstOfRouter = StreamID(unchecked: 1)

    /// The first stream of a worker.
    public static let firstOfWorker = StreamID(unchecked: 2)

    /// The number on the wire.
    public let rawValue: UInt32

    /// A stream id, or nil when the number exceeds ``rawValueMax``.
    public init?(rawValue: UInt32) {
        guard rawValue <= Self.rawValueMax else { return nil }
        self.rawValue = rawValue
    }

    @usableFromInline
    init(unchecked rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The side that opened this stream; nil for the connection.
    public var opener: Role? {
        switch rawValue {
        case 0: nil
        case let id where id.isMultiple(of: 2): .worker
        default: .router
        }
    }

    /// The next id of the same side; nil when ids are used up.
    public var next: StreamID? {
        StreamID(rawValue: rawValue + 2)
    }

    /// Orders by age: of two streams of one side, the lower was opened first.
    public static func < (left: StreamID, right: StreamID) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension StreamID: CustomStringConvertible {
    /// The number, in decimal.
    public var description: String { "\(rawValue)" }
}
