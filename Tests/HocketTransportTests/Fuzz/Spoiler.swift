import HocketWire
import NIOCore

/// Spoils conversations: the same in the same way for the same seed.
struct Spoiler: RandomNumberGenerator {
    private var state: UInt64
    /// Numbers that lengths and ids go wrong with.
    private static let edges: [UInt32] = [
        0, 1, 2, 15, 16, 17, 255, 65_536, 65_537, 1 << 20, 1 << 20 + 1, 1 << 24, 0x7FFF_FFFF,
        0x8000_0000, .max,
    ]

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// Spoils a conversation in up to three places, or leaves it as it is.
    mutating func spoil(_ conversation: Conversation) -> ByteBuffer {
        var conversation = conversation
        for _ in 0..<below(3) { spoilFrames(&conversation.frames) }
        var bytes = Array(conversation.bytes.readableBytesView)
        if below(3) == 0 { spoilBytes(&bytes) }
        return ByteBuffer(bytes: bytes)
    }

    /// Cuts bytes into reads: most of them short, one now and then all that is left.
    mutating func reads(of bytes: ByteBuffer) -> [ByteBuffer] {
        var (rest, reads) = (bytes, [ByteBuffer]())
        while rest.readableBytes > 0 {
            let size = below(60) == 0 ? rest.readableBytes : 1 + below(40)
            guard let read = rest.readSlice(length: min(size, rest.readableBytes)) else { break }
            // As from a socket, it stands at the front of a buffer of its own.
            reads.append(ByteBuffer(bytes: read.readableBytesView))
        }
        return reads
    }

    /// A number from 0 to just below the bound.
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    // MARK: Frames

    private mutating func spoilFrames(_ frames: inout [ByteBuffer]) {
        let index = below(frames.count)
        switch below(6) {
        case 0: frames.swapAt(index, below(frames.count))
        case 1: frames.insert(frames[index], at: below(frames.count + 1))
        case 2: if frames.count > 1 { frames.remove(at: index) }
        case 3:
            let golden = GoldenFrames.all[below(GoldenFrames.all.count)]
            frames.insert(golden, at: index)
        case 4: spoilHeader(of: &frames[index], at: 8)
        default: spoilHeader(of: &frames[index], at: below(2) == 0 ? 0 : 12)
        }
    }

    /// Puts another number in a place of the header: the length, the stream, the message's length.
    private mutating func spoilHeader(of frame: inout ByteBuffer, at offset: Int) {
        let number = below(2) == 0 ? UInt32(below(12)) : Self.edges[below(Self.edges.count)]
        guard frame.readableBytes >= FrameHeader.byteCount else { return }
        frame.setInteger(number, at: frame.readerIndex + offset, endianness: .little)
    }

    // MARK: Bytes

    private mutating func spoilBytes(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let index = below(bytes.count)
        switch below(4) {
        case 0: for _ in 0...below(4) { bytes[below(bytes.count)] ^= 1 << UInt8(below(8)) }
        case 1: bytes.removeSubrange(index...)
        case 2: bytes.insert(contentsOf: (0...below(20)).map { _ in UInt8(below(256)) }, at: index)
        default: bytes.removeSubrange(index..<min(bytes.count, index + 1 + below(20)))
        }
    }
}
