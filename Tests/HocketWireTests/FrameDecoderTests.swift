import HocketWire
import NIOCore
import Testing

/// Bytes to frames, however the bytes are cut.
@Suite struct FrameDecoderTests {
    /// A conversation as a router hears it, with every type that a worker sends.
    private static func conversation() throws -> [UInt8] {
        let names = [
            "hello-worker", "status", "accept", "step", "step-counts", "ping", "step-logprobs",
            "event-log", "finish", "stream-error", "credit-connection", "goaway", "reply",
        ]
        return try preface + names.flatMap { try Golden.bytes($0) }
    }

    @Test func framesAreTheSameForEveryCut() throws {
        let bytes = try Self.conversation()
        let whole = try frames(of: [bytes], receiver: .router)
        #expect(whole.count == 13)
        for cut in 0...bytes.count {
            let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
            #expect(try frames(of: pieces, receiver: .router) == whole, "cut at \(cut)")
        }
    }

    @Test(arguments: [1, 2, 3, 7, 15, 16, 17, 64])
    func framesAreTheSameForEveryPieceSize(size: Int) throws {
        let bytes = try Self.conversation()
        let pieces = stride(from: 0, to: bytes.count, by: size).map {
            Array(bytes[$0..<min($0 + size, bytes.count)])
        }
        #expect(
            try frames(of: pieces, receiver: .router) == frames(of: [bytes], receiver: .router)
        )
    }

    @Test func nothingIsLeftBetweenFrames() throws {
        var decoder = FrameDecoder(receiver: .router)
        decoder.append(ByteBuffer(bytes: try Self.conversation()))
        while try decoder.next() != nil {}
        #expect(decoder.bufferedBytes == 0)
        #expect(decoder.preface == .current)
        #expect(throws: Never.self) { try decoder.finish() }
    }

    @Test func framesAreSlicesOfTheRead() throws {
        let read = ByteBuffer(bytes: try Self.conversation())
        var decoder = FrameDecoder(receiver: .router)
        decoder.append(read)
        let frame = try #require(try decoder.next())
        #expect(frame.bytes.storageCapacity == read.storageCapacity)
    }

    @Test func endInsideAFrameIsAnError() throws {
        let bytes = try Self.conversation()
        for end in [0, 3, 8 + 15, 8 + 16, bytes.count - 1] {
            #expect(throws: WireError.self, "\(end) bytes") {
                try frames(of: [Array(bytes[..<end])], receiver: .router)
            }
        }
    }

    @Test func errorsAreKept() throws {
        var decoder = FrameDecoder(receiver: .router)
        decoder.append(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
        for _ in 0..<2 {
            #expect(throws: WireError.self) { try decoder.next() }
        }
        decoder.append(ByteBuffer(bytes: preface))
        #expect(throws: WireError.self) { try decoder.next() }
    }

    @Test func limitsMayChangeBetweenFrames() throws {
        var decoder = FrameDecoder(receiver: .router)
        decoder.append(ByteBuffer(bytes: preface + emptyHello))
        #expect(try decoder.next()?.header.type == .hello)
        decoder.limits.frameBytesMax = 10
        decoder.append(ByteBuffer(bytes: frameBytes(type: 12, length: 11)))
        #expect(throws: WireError.self) { try decoder.next() }
    }
}
