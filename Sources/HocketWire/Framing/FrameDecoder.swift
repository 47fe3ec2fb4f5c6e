public import NIOCore

/// Turns the bytes of one connection into frames, in place.
///
/// ```swift
/// decoder.append(bytes)
/// while let frame = try decoder.next() { … }
/// ```
/// It takes the preface first, then frames. It does not matter how the bytes were cut. Everything
/// that a header can tell is checked before the body is buffered: type, direction, stream, length.
/// Between frames the decoder holds no memory but one buffer of at most ``retainedBytesMax``.
///
/// After an error the decoder is of no further use, and throws the same error again.
public struct FrameDecoder: Sendable {
    /// The largest buffer that is kept for the next incomplete frame.
    public static let retainedBytesMax = 256 * 1024

    /// What this side accepts.
    ///
    /// It may change between frames: HELLO negotiates some of it.
    public var limits: WireLimits

    /// The peer's preface, once it has come.
    public private(set) var preface: Preface?

    /// Frames of unknown types that were marked ignorable, and skipped.
    public private(set) var ignoredFrames = 0

    private let sender: Role
    private var input = ByteBuffer()
    private var spare = ByteBuffer()
    private var ownsInput = false
    private var greeted = false
    private var skipping = 0
    private var failure: WireError?

    /// A decoder for a new connection.
    ///
    /// - Parameters:
    ///   - receiver: this side.
    ///   - limits: what this side accepts.
    public init(receiver: Role, limits: WireLimits = WireLimits()) {
        self.sender = receiver.peer
        self.limits = limits
    }

    /// Bytes that have come and are not yet part of a frame.
    public var bufferedBytes: Int { input.readableBytes }

    /// Takes over the bytes of one read.
    ///
    /// The buffer is used as it is when nothing is left of the last read; otherwise its bytes are
    /// copied behind the incomplete frame that is left.
    public mutating func append(_ bytes: ByteBuffer) {
        guard input.readableBytes > 0 else {
            recycleInput()
            input = bytes
            return
        }
        takeOwnership()
        input.discardReadBytes()
        input.writeImmutableBuffer(bytes)
    }

    /// The next frame; nil until more bytes come.
    public mutating func next() throws(WireError) -> Frame? {
        if let failure { throw failure }
        do throws(WireError) {
            guard let frame = try readFrame() else {
                if input.readableBytes == 0 { recycleInput() }
                return nil
            }
            return frame
        } catch {
            failure = error
            throw error
        }
    }

    /// States that no more bytes will come.
    ///
    /// - Throws: `truncated` when the connection did not end between two frames.
    public func finish() throws(WireError) {
        if let failure { throw failure }
        guard preface != nil, input.readableBytes == 0, skipping == 0 else {
            throw WireError(
                .truncated,
                "the connection ended inside a frame (\(input.readableBytes) bytes of it came)"
            )
        }
    }
}

extension FrameDecoder {
    private mutating func readFrame() throws(WireError) -> Frame? {
        guard try readPreface() else { return nil }
        while skip(), let fields = FrameHeader.Fields(at: input) {
            switch try FrameHeader.parse(fields, from: sender, limits: limits) {
            case .frame(let header):
                try checkGreeting(header.type)
                return readFrame(header)
            case .ignored(let bodyBytes):
                input.moveReaderIndex(forwardBy: FrameHeader.byteCount)
                ignoredFrames += 1
                skipping = bodyBytes
            }
        }
        return nil
    }

    private mutating func readPreface() throws(WireError) -> Bool {
        if preface == nil { preface = try Preface.read(from: &input) }
        return preface != nil
    }

    /// Drops what has come of a frame that is being skipped, and says whether that was all.
    private mutating func skip() -> Bool {
        let bytes = min(skipping, input.readableBytes)
        input.moveReaderIndex(forwardBy: bytes)
        skipping -= bytes
        return skipping == 0
    }

    private mutating func readFrame(_ header: FrameHeader) -> Frame? {
        let byteCount = FrameHeader.byteCount + header.bodyBytes
        guard let bytes = input.readSlice(length: byteCount) else { return nil }
        greeted = true
        return Frame(header: header, bytes: bytes)
    }

    /// A stranger says HELLO, or says why it leaves; nothing else is buffered for it.
    private func checkGreeting(_ type: FrameType) throws(WireError) {
        guard greeted || type == .hello || type == .connectionError else {
            throw WireError(.frameUnexpected, "the first frame is \(type) instead of HELLO")
        }
    }

    /// Moves what is left of a read into a buffer of our own, since the read's belongs to NIO.
    private mutating func takeOwnership() {
        guard !ownsInput else { return }
        spare.clear()
        spare.writeImmutableBuffer(input)
        swap(&input, &spare)
        spare = ByteBuffer()
        ownsInput = true
    }

    private mutating func recycleInput() {
        if ownsInput, input.capacity <= Self.retainedBytesMax { swap(&input, &spare) }
        input = ByteBuffer()
        ownsInput = false
    }
}
