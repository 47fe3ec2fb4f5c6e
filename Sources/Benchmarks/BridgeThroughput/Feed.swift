import Glibc
import HocketWire
import NIOCore

/// A worker that is nothing but a blocking socket.
struct Feed {
    private let socket: CInt

    /// Takes a connected socket over.
    init(socket: CInt) { self.socket = socket }

    /// Dials a router and registers as a worker of the model `m`.
    init(dialling path: String) throws {
        socket = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw FeedError.cannotDial(errno) }
        try greet()
    }

    private func greet() throws {
        var bytes = ByteBuffer()
        Preface.current.write(into: &bytes)
        let hello = Hello(
            role: .worker,
            instanceID: InstanceID(rawValue: 1),
            name: "feed",
            generation: 1,
            build: "benchmark",
            limits: PeerLimits(),
            models: [ModelInfo(id: "m", contextTokensMax: 1 << 30)],
            clock: PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2)
        )
        try MessageEncoder().encode(.hello(hello), on: .connection, into: &bytes)
        try write(bytes)
    }

    /// Waits for so many SUBMITs and accepts them.
    func streams(_ count: Int) throws -> [StreamID] {
        var decoder = FrameDecoder(receiver: .worker)
        var streams: [StreamID] = []
        while streams.count < count {
            decoder.append(try read())
            while let frame = try decoder.next() {
                guard frame.header.type == .submit else { continue }
                streams.append(frame.header.streamID)
                var bytes = ByteBuffer()
                let accept = WireMessage.accept(Accept())
                try MessageEncoder().encode(accept, on: frame.header.streamID, into: &bytes)
                try write(bytes)
            }
        }
        return streams
    }

    /// Sends a block a number of times.
    func send(_ frames: Frames, blocks: Int) throws {
        for _ in 0..<blocks { try write(frames.block) }
    }

    /// Ends the streams.
    func finish(_ streams: [StreamID], tokens: UInt64) throws {
        for stream in streams {
            var bytes = ByteBuffer()
            let finish = WireMessage.finish(Finish(.stop, emittedTokens: tokens))
            try MessageEncoder().encode(finish, on: stream, into: &bytes)
            try write(bytes)
        }
    }

    func close() { _ = Glibc.close(socket) }

    private func read() throws -> ByteBuffer {
        var bytes = ByteBuffer()
        let count = unsafe bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: 65_536) {
            max(0, unsafe Glibc.read(socket, $0.baseAddress, $0.count))
        }
        guard count > 0 else { throw FeedError.closed }
        return bytes
    }

    private func write(_ bytes: ByteBuffer) throws {
        try unsafe bytes.withUnsafeReadableBytes { bytes in
            var rest = unsafe bytes[...]
            while unsafe !rest.isEmpty {
                let part = unsafe UnsafeRawBufferPointer(rebasing: rest)
                let count = unsafe Glibc.write(socket, part.baseAddress, part.count)
                guard count > 0 else { throw FeedError.closed }
                unsafe rest = unsafe rest.dropFirst(count)
            }
        }
    }
}

enum FeedError: Error {
    case cannotDial(CInt)
    case closed
}
