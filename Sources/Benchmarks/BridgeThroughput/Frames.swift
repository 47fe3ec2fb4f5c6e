import HocketWire
import NIOCore

/// The frames that a worker sends: the same step of an engine again and again.
struct Frames {
    /// STEP frames that are written together, and how many they are.
    static let frameCountPerBlock = 64

    /// The block's bytes.
    let block: ByteBuffer
    /// The tokens of one frame.
    let rows: Int

    /// Makes the block.
    ///
    /// - Parameter streams: each of them gets one token a frame.
    init(of streams: [StreamID]) throws {
        var bytes = ByteBuffer()
        for index in 0..<Self.frameCountPerBlock {
            var step = StepBuilder()
            for (row, stream) in streams.sorted().enumerated() {
                // Ids of one to three bytes, mostly two, as they are in English text.
                let token = UInt32((index * 7919 + row * 104_729) % 30_000)
                step.add(stream, tokens: [token].span)
            }
            try step.write(step: UInt64(index), monotonicNanoseconds: 1, into: &bytes)
        }
        block = bytes
        rows = streams.count
    }
}
