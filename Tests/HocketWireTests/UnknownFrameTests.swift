import HocketWire
import NIOCore
import Testing

/// Frames of later versions.
@Suite struct UnknownFrameTests {
    @Test func ignorableFramesAreSkippedAndCounted() throws {
        var decoder = FrameDecoder(receiver: .router)
        let unknown = frameBytes(type: 99, flags: 1, stream: 0xFFFF_FFFF, message: [1, 2, 3])
        let bytes = try preface + emptyHello + unknown + unknown + Golden.bytes("ping")
        decoder.append(ByteBuffer(bytes: bytes))
        #expect(try decoder.next()?.header.type == .hello)
        #expect(try decoder.next()?.header.type == .ping)
        #expect(try decoder.next() == nil)
        #expect(decoder.ignoredFrames == 2)
    }

    @Test func skippedFramesAreNotBuffered() throws {
        var decoder = FrameDecoder(receiver: .router)
        decoder.append(ByteBuffer(bytes: preface + emptyHello))
        #expect(try decoder.next() != nil)
        decoder.append(ByteBuffer(bytes: frameBytes(type: 99, flags: 1, length: 300_000)))
        for _ in 0..<3 {
            #expect(try decoder.next() == nil)
            #expect(decoder.bufferedBytes == 0)
            decoder.append(ByteBuffer(repeating: 0xAA, count: 100_000))
        }
        decoder.append(ByteBuffer(bytes: try Golden.bytes("ping")))
        #expect(try decoder.next()?.header.type == .ping)
    }

    @Test func endInsideASkippedFrameIsAnError() throws {
        var decoder = FrameDecoder(receiver: .router)
        let unknown = frameBytes(type: 99, flags: 1, length: 10)
        decoder.append(ByteBuffer(bytes: preface + emptyHello + unknown))
        while try decoder.next() != nil {}
        #expect(throws: WireError.self) { try decoder.finish() }
    }

    @Test func otherUnknownFramesAreErrors() {
        #expect(error(of: preface + emptyHello + frameBytes(type: 99)) == .frameTypeUnknown)
        #expect(error(of: preface + emptyHello + frameBytes(type: 0)) == .frameTypeUnknown)
    }
}
