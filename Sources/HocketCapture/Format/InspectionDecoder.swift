public import NIOCore

/// Turns the bytes of an inspection stream into what they say, however they were cut.
///
/// ```swift
/// decoder.append(bytes)
/// while let event = try decoder.next() { … }
/// ```
/// It holds no more than one block, of at most 4 MiB, and the read in which it ended. After an
/// error the decoder is of no further use.
public struct InspectionDecoder: Sendable {
    /// One block of an inspection stream.
    public enum Event: Hashable, Sendable {
        /// Who shows its traffic, and how; the first block.
        case opening(InspectionOpening)
        /// A frame crossed.
        case frame(FrameRecord)
        /// A message went to or came from a tool server.
        case toolMessage(ToolMessageRecord)
    }

    private var input = ByteBuffer()
    private var hasPreface = false

    /// A decoder for the beginning of a stream.
    public init() {}

    /// Takes the bytes of one read.
    public mutating func append(_ bytes: ByteBuffer) {
        input.discardReadBytes()
        input.writeImmutableBuffer(bytes)
    }

    /// The next block of a known kind; nil until more bytes come.
    ///
    /// - Throws: ``CaptureError`` with `prefaceInvalid`, `versionUnsupported` or `recordInvalid`.
    public mutating func next() throws(CaptureError) -> Event? {
        guard try readPreface() else { return nil }
        while let (kind, payload) = try readBlock() {
            switch InspectionFormat.Kind(rawValue: kind) {
            case .opening: return .opening(try InspectionOpening(payload: payload))
            case .frame: return .frame(try FrameRecord(payload: payload))
            case .toolMessage: return .toolMessage(try ToolMessageRecord(payload: payload))
            case nil: continue
            }
        }
        return nil
    }

    /// States that no more bytes will come.
    ///
    /// - Throws: ``CaptureError`` with `truncated` when the stream did not end between two blocks.
    public func finish() throws(CaptureError) {
        guard hasPreface || input.readableBytes > 0 else {
            throw CaptureError(
                code: .truncated,
                message: "the router closed the connection without a word: it lets this user not "
                    + "watch, or as many as it takes are watching already"
            )
        }
        guard hasPreface, input.readableBytes == 0 else {
            throw CaptureError(
                code: .truncated,
                message: "the stream ended inside a block (\(input.readableBytes) bytes of it came)"
            )
        }
    }

    private typealias Block = (kind: UInt8, payload: ByteBuffer)

    private mutating func readBlock() throws(CaptureError) -> Block? {
        guard
            let (length, kind, _, _) = input.getMultipleIntegers(
                at: input.readerIndex,
                endianness: .little,
                as: (UInt32, UInt8, UInt8, UInt16).self
            )
        else { return nil }
        guard length <= InspectionFormat.blockBytesMax else {
            throw .invalid(
                "a block that is too long (max: \(InspectionFormat.blockBytesMax), "
                    + "actual: \(length) bytes)"
            )
        }
        let blockBytes = InspectionFormat.blockHeadBytes + Int(length)
        guard var block = input.readSlice(length: blockBytes) else { return nil }
        block.moveReaderIndex(forwardBy: InspectionFormat.blockHeadBytes)
        return (kind, block)
    }

    private mutating func readPreface() throws(CaptureError) -> Bool {
        guard !hasPreface else { return true }
        let bytes = input.readableBytesView.prefix(InspectionFormat.prefaceBytes)
        for (offset, byte) in bytes.enumerated() { try Self.check(byte, at: offset) }
        hasPreface = input.readSlice(length: InspectionFormat.prefaceBytes) != nil
        return hasPreface
    }

    /// Finds the first byte that a preface cannot have, so that a stranger need not say eight.
    private static func check(_ byte: UInt8, at offset: Int) throws(CaptureError) {
        switch offset {
        case 0..<4 where byte != InspectionFormat.magic[offset],
            6..<8 where byte != InspectionFormat.prefaceEnd[offset - 6]:
            throw CaptureError(
                code: .prefaceInvalid,
                message: "this is no inspection stream: its byte \(offset) is \(byte)"
            )
        case 4 where byte != InspectionFormat.major:
            throw CaptureError(
                code: .versionUnsupported,
                message: "the stream has major version \(byte), this reader knows "
                    + "\(InspectionFormat.major)"
            )
        default: return
        }
    }
}
