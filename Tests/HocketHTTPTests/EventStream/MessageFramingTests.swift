import NIOCore
import Testing

@testable import HocketHTTP

struct MessageFramingTests {
    /// Frames a text as a handler does: with room before it.
    private func frames(_ text: String) throws -> [SocketFrame] {
        var buffer = ByteBuffer(repeating: 0, count: EventFraming.headBytes)
        buffer.moveReaderIndex(to: EventFraming.headBytes)
        buffer.writeString(text)
        EventFraming.messages.frame(&buffer)
        var bytes = Array(buffer.readableBytesView)
        var frames: [SocketFrame] = []
        while let (frame, count) = try SocketFrame.parse(bytes) {
            frames.append(frame)
            bytes.removeFirst(count)
        }
        #expect(bytes.isEmpty)
        return frames
    }

    @Test(arguments: [2, 60, 125, 126, 127, 128, 65_535, 65_536, 70_000])
    func eventIsOneMessageOfItsData(_ count: Int) throws {
        let data = "{" + String(repeating: "x", count: count - 2) + "}"
        let event = "event: e\ndata: \(data)\n\n"
        #expect(try frames(event) == [.text(data)])
        #expect(try frames(event + event + event) == [.text(data), .text(data), .text(data)])
    }

    @Test func eventsOfEachLengthKeepTheirOrder() throws {
        let data = (0..<300).map { #"{"n":"\#(String(repeating: "x", count: $0))"}"# }
        let text = data.map { "event: response.x\ndata: \($0)\n\n" }.joined()
        #expect(try frames(text) == data.map { .text($0) })
    }

    @Test func commentIsAPing() throws {
        let ping = SocketFrame(opcode: 9)
        #expect(try frames(": keep-alive\n\n") == [ping])
        #expect(try frames(": a\n\nevent: e\ndata: {}\n\n") == [ping, .text("{}")])
    }

    @Test func endOfAStreamIsNothing() throws {
        #expect(try frames("event: e\ndata: {}\n\ndata: [DONE]\n\n") == [.text("{}")])
        #expect(try frames("data: [DONE]\n\n").isEmpty)
    }
}
