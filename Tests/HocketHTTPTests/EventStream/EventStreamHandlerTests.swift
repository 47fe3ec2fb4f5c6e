import HocketResponses
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketHTTP

struct EventStreamHandlerTests {
    private let channel = EmbeddedChannel()
    private let handler = EventStreamHandler(
        keepAliveInterval: .seconds(15),
        slowClientTimeout: .seconds(60)
    )

    init() throws {
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// Writes events as a response does.
    private func send(_ text: String, in buffer: inout ByteBuffer) {
        buffer.writeString(text)
        handler.send(&buffer)
    }

    private func nextWrite() throws -> String? {
        guard case .byteBuffer(let bytes)? = try channel.readOutbound(as: IOData.self) else {
            return nil
        }
        return String(buffer: bytes)
    }

    @Test(arguments: [
        (1, "00000001"), (15, "0000000f"), (16, "00000010"), (4_095, "00000fff"),
        (16_384, "00004000"),
    ])
    func framesEventsAsOneChunk(_ count: Int, _ size: String) throws {
        var buffer = ByteBuffer()
        handler.prepare(&buffer)
        let text = String(repeating: "x", count: count)
        send(text, in: &buffer)
        #expect(try nextWrite() == "\(size)\r\n\(text)\r\n")
        #expect(try nextWrite() == nil)
    }

    @Test func sendsNothingForNoEvents() throws {
        var buffer = ByteBuffer()
        handler.prepare(&buffer)
        handler.send(&buffer)
        #expect(try nextWrite() == nil)
        send("data: 1\n\n", in: &buffer)
        #expect(try nextWrite() == "00000009\r\ndata: 1\n\n\r\n")
    }

    /// The channel keeps what it could not write at once; the next events must go elsewhere.
    @Test func leavesBytesAloneThatAreStillToBeWritten() throws {
        var buffer = ByteBuffer()
        handler.prepare(&buffer)
        for number in 10..<20 { send("data: \(number)\n\n", in: &buffer) }
        for number in 10..<20 {
            #expect(try nextWrite() == "0000000a\r\ndata: \(number)\n\n\r\n")
        }
    }

    @Test func splitsWhatIsTooLongForOneWriteBetweenEvents() throws {
        var buffer = ByteBuffer()
        handler.prepare(&buffer)
        let event = "data: \(String(repeating: "y", count: 7_000))\n\n"
        let long = "data: \(String(repeating: "z", count: 40_000))\n\n"
        send(event + event + event + long + "data: [DONE]\n\n", in: &buffer)
        #expect(try nextWrite() == chunk(event + event))
        #expect(try nextWrite() == chunk(event))
        #expect(try nextWrite() == chunk(long))
        #expect(try nextWrite() == chunk("data: [DONE]\n\n"))
        #expect(try nextWrite() == nil)
        send("data: 1\n\n", in: &buffer)
        #expect(try nextWrite() == chunk("data: 1\n\n"))
    }

    @Test func sendsEventsAloneToClientsThatKnowNoChunks() throws {
        handler.framing = .plain
        var buffer = ByteBuffer()
        handler.prepare(&buffer)
        for number in 10..<12 { send("data: \(number)\n\n", in: &buffer) }
        #expect(try nextWrite() == "data: 10\n\n")
        #expect(try nextWrite() == "data: 11\n\n")
    }

    @Test func tellsOnceThatTheClientLeft() throws {
        let observer = CountingObserver()
        handler.observe(with: observer)
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        channel.pipeline.fireChannelInactive()
        #expect(observer.departures == 1)
    }

    @Test func tellsWhoeverComesLateThatTheClientHasLeft() throws {
        channel.pipeline.fireChannelInactive()
        let observer = CountingObserver()
        handler.observe(with: observer)
        #expect(observer.departures == 1)
    }

    @Test func tellsOnlyOfBecomingWritable() throws {
        let observer = CountingObserver()
        handler.observe(with: observer)
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(!handler.isWritable)
        #expect(observer.resumptions == 0)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(handler.isWritable)
        #expect(observer.resumptions == 1)
    }

    @Test func silentStreamGetsACommentAtEveryInterval() throws {
        let loop = channel.embeddedEventLoop
        var buffer = ByteBuffer()
        handler.observe(with: CountingObserver())
        handler.prepare(&buffer)
        loop.advanceTime(by: .seconds(60))
        #expect(try nextWrite() == nil)
        send("data: 1\n\n", in: &buffer)
        loop.advanceTime(by: .seconds(10))
        send("data: 2\n\n", in: &buffer)
        #expect(try nextWrite() == chunk("data: 1\n\n"))
        #expect(try nextWrite() == chunk("data: 2\n\n"))
        loop.advanceTime(by: .milliseconds(14_999))
        #expect(try nextWrite() == nil)
        for _ in 0..<2 {
            loop.advanceTime(by: .milliseconds(1))
            #expect(try nextWrite() == chunk(": keep-alive\n\n"))
            loop.advanceTime(by: .milliseconds(14_999))
            #expect(try nextWrite() == nil)
        }
    }

    @Test func streamThatIsOverGetsNoComments() throws {
        var buffer = ByteBuffer()
        handler.observe(with: CountingObserver())
        handler.prepare(&buffer)
        send("data: [DONE]\n\n", in: &buffer)
        handler.observe(with: nil)
        #expect(try nextWrite() == chunk("data: [DONE]\n\n"))
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(try nextWrite() == nil)
    }

    @Test func clientThatDoesNotReadGetsNoComments() throws {
        var buffer = ByteBuffer()
        handler.prepare(&buffer)
        send("data: 1\n\n", in: &buffer)
        #expect(try nextWrite() == chunk("data: 1\n\n"))
        channel.isWritable = false
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(try nextWrite() == nil)
        channel.isWritable = true
        channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(try nextWrite() == chunk(": keep-alive\n\n"))
    }

    private func chunk(_ text: String) -> String {
        let size = String(text.utf8.count, radix: 16)
        return "\(String(repeating: "0", count: 8 - size.count))\(size)\r\n\(text)\r\n"
    }
}

private final class CountingObserver: EventOutputObserver {
    var departures = 0
    var resumptions = 0

    func clientLeft() { departures += 1 }
    func clientBecameWritable() { resumptions += 1 }
}
