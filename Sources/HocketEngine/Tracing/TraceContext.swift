/// A place in a trace that crosses processes (W3C Trace Context).
///
/// Whatever is called on behalf of a span is given the span's context, and makes spans of its own
/// that name it as their parent.
public struct TraceContext: Hashable, Sendable {
    /// What all spans of the trace have in common; never zero.
    public let traceID: UInt128
    /// The span that calls; never zero.
    public let spanID: UInt64
    /// Whether the caller records its spans; those that it calls do the same.
    public let isSampled: Bool
    /// What the tracing systems on the way say to each other.
    public let state: TraceState

    /// Creates the context of a span.
    public init(
        traceID: UInt128,
        spanID: UInt64,
        isSampled: Bool = false,
        state: TraceState = TraceState()
    ) {
        precondition(traceID != 0 && spanID != 0, "an id of a trace is not zero")
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// The context of a span within this one.
    public func child(spanID: UInt64) -> TraceContext {
        TraceContext(traceID: traceID, spanID: spanID, isSampled: isSampled, state: state)
    }

    // MARK: The header field

    private static let lengthOfVersion0 = 55
    private static let sampledFlag: UInt8 = 1

    /// Reads the value of a `traceparent` field; nil for what is none.
    ///
    /// A version to come is read as far as it is like this one, and a flag to come is not passed
    /// on, as the standard has it.
    public init?(traceParent: some StringProtocol, state: TraceState = TraceState()) {
        let bytes = Array(traceParent.utf8)
        guard bytes.count >= Self.lengthOfVersion0,
            [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            let version = UInt8(lowercaseHexadecimal: bytes[0..<2]), version != 0xFF,
            let traceID = UInt128(lowercaseHexadecimal: bytes[3..<35]), traceID != 0,
            let spanID = UInt64(lowercaseHexadecimal: bytes[36..<52]), spanID != 0,
            let flags = UInt8(lowercaseHexadecimal: bytes[53..<55])
        else { return nil }
        if bytes.count > Self.lengthOfVersion0 {
            guard version > 0, bytes[Self.lengthOfVersion0] == UInt8(ascii: "-") else { return nil }
        }
        self.init(
            traceID: traceID,
            spanID: spanID,
            isSampled: flags & Self.sampledFlag != 0,
            state: state
        )
    }

    /// The value of a `traceparent` field, in version 0.
    public var traceParent: String {
        "00-\(traceIDText)-\(spanIDText)-\(isSampled ? "01" : "00")"
    }

    /// The trace's id in 32 hexadecimal digits.
    public var traceIDText: String { traceID.paddedHexadecimal }

    /// The span's id in 16 hexadecimal digits.
    public var spanIDText: String { spanID.paddedHexadecimal }
}

extension FixedWidthInteger {
    /// Reads two digits a byte, without capitals.
    fileprivate init?(lowercaseHexadecimal digits: ArraySlice<UInt8>) {
        self = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                self = self << 4 | Self(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                self = self << 4 | Self(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
    }

    /// Two digits for each byte, without capitals.
    fileprivate var paddedHexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
    }
}
