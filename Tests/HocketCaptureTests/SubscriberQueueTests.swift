import HocketEngine
import NIOCore
import Testing

@testable import HocketCapture

struct SubscriberQueueTests {
    @Test func givesFramesInTheirOrder() {
        var queue = SubscriberQueue(TapLimits())
        for stream in 1...3 { queue.append(frame(stream)) }
        #expect(take(&queue) == (1...3).map { .init(stream: $0, after: 0) })
        #expect(queue.isEmpty)
        #expect(queue.queuedBytes == 0)
    }

    @Test func dropsTheOldestFramesAndSaysHowMany() {
        var limits = TapLimits()
        limits.queuedFramesMax = 2
        var queue = SubscriberQueue(limits)
        for stream in 1...5 { queue.append(frame(stream)) }
        #expect(take(&queue) == [.init(stream: 4, after: 3), .init(stream: 5, after: 0)])
        queue.append(frame(6))
        #expect(take(&queue) == [.init(stream: 6, after: 0)])
    }

    @Test func countsDropsBetweenTwoTakes() {
        var limits = TapLimits()
        limits.queuedFramesMax = 2
        var queue = SubscriberQueue(limits)
        for stream in 1...3 { queue.append(frame(stream)) }
        let first = queue.popFirst()
        #expect(first?.captured.stream == 2)
        #expect(first?.droppedBefore == 1)
        for stream in 4...6 { queue.append(frame(stream)) }
        #expect(take(&queue) == [.init(stream: 5, after: 2), .init(stream: 6, after: 0)])
    }

    @Test func holdsNoMoreMemoryThanAllowed() {
        var limits = TapLimits()
        limits.queuedBytesMax = 100_000
        var queue = SubscriberQueue(limits)
        for stream in 1...1000 {
            queue.append(frame(stream, bodyBytes: stream * 7 % 5000))
            #expect(queue.queuedBytes <= limits.queuedBytesMax)
        }
        #expect(!queue.isEmpty)
    }

    @Test func keepsMessagesOfToolServersInTheSameOrderAndWithinTheSameBounds() {
        var limits = TapLimits()
        limits.queuedFramesMax = 3
        limits.queuedBytesMax = 100_000
        var queue = SubscriberQueue(limits)
        queue.append(frame(1))
        queue.append(message(2))
        queue.append(frame(3))
        queue.append(message(4))
        #expect(
            take(&queue) == [
                .init(stream: 2, after: 1), .init(stream: 3, after: 0), .init(stream: 4, after: 0),
            ]
        )
        queue.append(message(5, bytes: 60_000))
        queue.append(message(6, bytes: 60_000))
        #expect(queue.queuedBytes < limits.queuedBytesMax)
        #expect(take(&queue) == [.init(stream: 6, after: 1)])
    }

    private func message(_ session: UInt32, bytes: Int = 0) -> Captured {
        let message = ToolMessage(
            direction: .toServer,
            server: "s",
            session: session,
            kind: .request,
            text: Array(repeating: 0, count: bytes)
        )
        return .toolMessage(
            CapturedToolMessage(instant: .noon, message: message, messageBytes: bytes)
        )
    }

    @Test func countsTheMemoryThatIsAllocatedAndNotOnlyTheBytesInIt() {
        var queue = SubscriberQueue(TapLimits())
        queue.append(frame(1, bodyBytes: 1040 - FrameHead.byteCount))
        #expect(queue.queuedBytes >= 2048)
    }

    private func frame(_ stream: Int, bodyBytes: Int = 0) -> Captured {
        .frame(
            CapturedFrame(
                instant: .noon,
                direction: .fromWorker,
                worker: "w0",
                head: FrameHead(
                    bodyBytes: UInt32(bodyBytes),
                    typeNumber: 5,
                    stream: UInt32(stream),
                    messageBytes: UInt32(bodyBytes)
                ),
                kept: ByteBuffer(repeating: 0, count: FrameHead.byteCount + bodyBytes)
            )
        )
    }

    /// The streams of the frames, and what was dropped before each.
    private func take(_ queue: inout SubscriberQueue) -> [Taken] {
        var taken: [Taken] = []
        while let (captured, droppedBefore) = queue.popFirst() {
            taken.append(Taken(stream: captured.stream, after: Int(droppedBefore)))
        }
        return taken
    }

    private struct Taken: Equatable {
        var stream: Int
        /// How many frames were dropped before it.
        var after: Int
    }
}

extension Captured {
    /// The stream of a frame; of a message the number of its conversation.
    fileprivate var stream: Int {
        switch self {
        case .frame(let frame): Int(frame.head.stream)
        case .toolMessage(let message): Int(message.message.session)
        }
    }
}
