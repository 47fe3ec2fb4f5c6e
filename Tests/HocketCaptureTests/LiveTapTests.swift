import Harmony
import HocketEngine
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketCapture

struct LiveTapTests {
    @Test func isActiveWhileSomebodyWatches() throws {
        let tap = LiveTap.forTest()
        #expect(!tap.isActive)
        let first = try Watcher(of: tap)
        let second = try Watcher(of: tap)
        #expect(tap.isActive)
        _ = try first.channel.finish()
        #expect(tap.isActive)
        _ = try second.channel.finish()
        #expect(!tap.isActive)
    }

    @Test func showsFramesToAllThatWatch() throws {
        let tap = LiveTap.forTest()
        let crossings = try everyFrame()
        tap.show(crossings[0])
        let watchers = [try Watcher(of: tap), try Watcher(of: tap)]
        for crossing in crossings { tap.show(crossing) }
        for watcher in watchers {
            #expect(try watcher.records() == crossings.map { try $0.record() })
        }
    }

    @Test(arguments: [false, true])
    func showsMessagesOfToolServersBetweenFrames(showsContent: Bool) throws {
        let tap = LiveTap.forTest(showsContent: showsContent)
        let watcher = try Watcher(of: tap)
        let call = try #require(everyToolMessage.first).message
        tap.show(try Crossing(step: [(1, [5])]))
        tap.toolMessageCrossed(call)
        tap.show(try Crossing(step: [(3, [5])]))
        let events = try watcher.events().dropFirst()
        #expect(events.count == 3)
        guard case .toolMessage(let record)? = events.dropFirst().first else {
            Issue.record("the message is not between the frames")
            return
        }
        #expect(record.server == "search")
        #expect(record.messageBytes == UInt32(call.text.count))
        #expect(record.text == (showsContent ? call.text : []))
        #expect(record.summary["req"] == .string("\(requestID)"))
    }

    @Test func showsOnlyWhatCrossesAfterAttaching() throws {
        let tap = LiveTap.forTest()
        let early = try Watcher(of: tap)
        tap.show(try Crossing(step: [(1, [5])]))
        let late = try Watcher(of: tap)
        tap.show(try Crossing(step: [(3, [5])]))
        #expect(try early.records().map(\.summary["rows"]) == [["1": 1], ["3": 1]])
        #expect(try late.records().map(\.summary["rows"]) == [["3": 1]])
    }

    @Test func forgetsSubscribersThatLeave() throws {
        let tap = LiveTap.forTest()
        weak var channel: EmbeddedChannel?
        do {
            let watcher = try Watcher(of: tap)
            channel = watcher.channel
            _ = try watcher.channel.finish()
            tap.show(try Crossing(step: [(1, [5])]))
        }
        #expect(channel == nil)
    }

    @Test func keepsTheBytesOfAFrameToItself() throws {
        let tap = LiveTap.forTest()
        let watcher = try Watcher(of: tap)
        var crossing = try Crossing(.toWorker, .cancel(Cancel(.clientGone)), on: 7)
        let record = try crossing.record()
        tap.show(crossing)
        crossing.bytes.clear()
        crossing.bytes.writeRepeatingByte(0xFF, count: 64)
        #expect(try watcher.records() == [record])
    }

    @Test func takesOnlySoManySubscribers() throws {
        var limits = TapLimits()
        limits.subscribersMax = 1
        let tap = LiveTap.forTest(limits: limits)
        let first = try Watcher(of: tap)
        let error = #expect(throws: CaptureError.self) { try Watcher(of: tap) }
        #expect(error?.code == .tooManySubscribers)
        _ = try first.channel.finish()
        _ = try Watcher(of: tap)
    }

    @Test func letsGoOfAPeerThatSpeaks() throws {
        let tap = LiveTap.forTest()
        let watcher = try Watcher(of: tap)
        try watcher.channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
        #expect(!watcher.channel.isActive)
        watcher.channel.embeddedEventLoop.run()
        #expect(!tap.isActive)
    }

    @Test func tellsASlowSubscriberWhatItMissedAndHoldsBoundedMemory() throws {
        var limits = TapLimits()
        limits.queuedBytesMax = 256 * 1024
        let tap = LiveTap.forTest(limits: limits)
        let watcher = try Watcher(of: tap, isSlow: true)
        let step = try Crossing(step: (0..<100).map { (1 + 2 * $0, [976]) })
        for _ in 0..<10_000 { tap.show(step) }
        var records: [FrameRecord] = []
        while watcher.takeOneWrite() { records += try watcher.records() }
        let dropped = records.reduce(0) { $0 + Int($1.droppedBefore) }
        #expect(records.count + dropped == 10_000)
        #expect(records.first?.droppedBefore == UInt64(dropped))
        #expect(records.count <= limits.queuedBytesMax / step.bytes.readableBytes)
        #expect(records.count > 100)
    }

    @Test func goesOnAfterASlowSubscriberHasCaughtUp() throws {
        let tap = LiveTap.forTest()
        let watcher = try Watcher(of: tap, isSlow: true)
        let step = try Crossing(step: [(1, [5])])
        tap.show(step)
        while watcher.takeOneWrite() {}
        #expect(try watcher.records().count == 1)
        tap.show(step)
        #expect(try watcher.records().isEmpty)
        #expect(watcher.takeOneWrite())
        #expect(try watcher.records().count == 1)
    }

    @Test func splitsAFloodIntoWritesOfBoundedSize() throws {
        let tap = LiveTap.forTest()
        let watcher = try Watcher(of: tap, isSlow: true)
        let step = try Crossing(step: [(1, [5])])
        for _ in 0..<2000 { tap.show(step) }
        var records = 0
        while watcher.takeOneWrite() {
            let bytes = try watcher.bytes().count
            #expect(bytes < TapLimits().batchBytesMax + 1024)
            records += 1
        }
        #expect(records > 3)
    }

    @Test func showsAsMuchAsItKeepsOfALongFrame() throws {
        var limits = TapLimits()
        limits.keptBytesMax = 1024
        let tap = LiveTap.forTest(showsContent: true, limits: limits)
        let watcher = try Watcher(of: tap)
        let prompt = [UInt32](repeating: 976, count: 1000)
        let submit = Submit(requestID: requestID, prompt: prompt, creditTokens: 1)
        tap.show(try Crossing(.toWorker, .submit(submit), on: 1))
        tap.show(try Crossing(step: [(1, [UInt32](repeating: 200_006, count: 1000))]))
        let records = try watcher.records()
        #expect(records.map(\.body.count) == [1008, 1008])
        #expect(records.first?.summary["prompt"] == 1000)
        #expect(records.first?.head.frameBytes ?? 0 > 4016)
        #expect(records.last?.summary["unreadable"]?.string?.hasPrefix("truncated") == true)
    }

    @Test func readsOnAfterAFrameThatCannotBeRead() throws {
        let tap = LiveTap.forTest()
        let watcher = try Watcher(of: tap)
        var broken = try Crossing(.fromWorker, .accept(Accept(queuePosition: 1)), on: 1)
        broken.bytes.setInteger(UInt8(0xFF), at: FrameHead.byteCount)
        let whole = try Crossing(.fromWorker, .accept(Accept(queuePosition: 2)), on: 3)
        tap.show(broken)
        tap.show(whole)
        let summaries = try watcher.records().map(\.summary)
        #expect(summaries == [["unreadable": "messageMalformed"], ["queue": 2, "cached": 0]])
    }
}
