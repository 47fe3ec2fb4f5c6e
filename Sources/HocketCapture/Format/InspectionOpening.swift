public import HocketWire
import NIOCore

/// What a router says first to whoever watches its traffic.
public struct InspectionOpening: Hashable, Sendable {
    /// The router's software.
    public var build: String
    /// Whether records hold prompts, tokens and texts, or only their counts.
    public var showsContent: Bool
    /// One instant on both of the router's clocks.
    public var clock: PeerClock

    /// Creates an opening.
    public init(build: String, showsContent: Bool, clock: PeerClock) {
        self.build = build
        self.showsContent = showsContent
        self.clock = clock
    }
}

extension InspectionOpening {
    func write(into buffer: inout ByteBuffer) {
        let build = build.prefix(utf8BytesMax: InspectionFormat.nameBytesMax)
        InspectionFormat.writeBlock(.opening, into: &buffer) { buffer in
            buffer.writeMultipleIntegers(
                clock.monotonicNanoseconds,
                clock.realNanoseconds,
                UInt8(showsContent ? 1 : 0),
                UInt8(0),
                UInt16(build.utf8.count),
                endianness: .little
            )
            buffer.writeSubstring(build)
        }
    }

    /// Reads the payload of a block; what a later version adds behind it is skipped.
    init(payload: ByteBuffer) throws(CaptureError) {
        var payload = payload
        guard
            let fields = payload.readMultipleIntegers(
                endianness: .little,
                as: (UInt64, UInt64, UInt8, UInt8, UInt16).self
            ),
            let build = payload.readString(length: Int(fields.4))
        else { throw .invalid("an opening of \(payload.readableBytes) bytes") }
        self.init(
            build: build,
            showsContent: fields.2 & 1 != 0,
            clock: PeerClock(monotonicNanoseconds: fields.0, realNanoseconds: fields.1)
        )
    }
}

extension CaptureError {
    /// A block that contradicts itself.
    static func invalid(_ message: String) -> CaptureError {
        CaptureError(code: .recordInvalid, message: "the stream has " + message)
    }
}
