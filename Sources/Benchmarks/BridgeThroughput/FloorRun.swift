import CBridgeFloor
import Glibc
import HocketWire
import NIOPosix

/// Reads the frames with the C reader that does nothing else.
struct FloorRun {
    let rows: Int
    let blocks: Int

    func measure() async throws -> Figures {
        var sockets: [CInt] = [0, 0]
        guard unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &sockets) == 0 else {
            throw FeedError.cannotDial(errno)
        }
        let (reading, feed) = (sockets[0], Feed(socket: sockets[1]))
        defer { _ = close(reading) }
        let streams = (0..<rows).compactMap { StreamID(rawValue: UInt32(2 * $0 + 1)) }
        let frames = try Frames(of: streams)
        let count = blocks * Frames.frameCountPerBlock
        async let spent = NIOThreadPool.singleton.runIfActive {
            let start = ThreadClock.now()
            _ = bridge_floor_read(reading, UInt64(count))
            return ThreadClock.now() - start
        }
        try await NIOThreadPool.singleton.runIfActive { try feed.send(frames, blocks: blocks) }
        let nanoseconds = try await spent
        feed.close()
        return Figures(frames: count, tokens: count * rows, processorNanoseconds: nanoseconds)
    }
}
