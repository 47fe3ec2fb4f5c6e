import Harmony
import HocketEngine
import HocketWire
import NIOCore
import Testing

@testable import HocketCapture

/// What a subscriber gets when the router does not show content: nothing that anybody wrote.
struct RedactionTests {
    private static let secret = "Ahab's secret"
    /// Ids of ordinary text, each of which takes three bytes on the wire in either encoding.
    private static let ids: [UInt32] = [150_001, 151_553, 163_841, 171_717]

    @Test func withholdsTokensAndTextsByDefault() throws {
        let bytes = try subscriberBytes(showsContent: false)
        for trace in Self.traces { #expect(!bytes.contains(trace.bytes), "\(trace.name)") }
    }

    /// The control of the test above: it looks for what really crosses.
    @Test func showsTokensAndTextsWhereTheRouterAllowsIt() throws {
        let bytes = try subscriberBytes(showsContent: true)
        #expect(bytes.contains(Array(Self.secret.utf8)))
        for id in Self.ids {
            #expect(bytes.contains(littleEndian(id)) || bytes.contains(varint(id)))
        }
    }

    @Test func keepsNoPromptInMemory() throws {
        let submit = try Crossing(.toWorker, .submit(Self.submit), on: 1)
        let kept = Array(try submit.captured().kept.readableBytesView)
        for id in Self.ids { #expect(!kept.contains(littleEndian(id))) }
        #expect(try submit.record().summary["prompt"]?.integer == Self.ids.count)
    }

    @Test func tellsWhetherContentIsShown() throws {
        for showsContent in [false, true] {
            let watcher = try Watcher(of: .forTest(showsContent: showsContent))
            let opening = InspectionOpening(
                build: "hocket test",
                showsContent: showsContent,
                clock: .noon
            )
            #expect(try watcher.events() == [.opening(opening)])
        }
    }

    @Test func withholdsTheReasonWhyAFrameIsUnreadable() throws {
        var step = try Crossing(step: [(1, [201_087])])
        // The last byte of the id's varint makes it one beyond the vocabulary.
        step.bytes.setInteger(UInt8(0x7F), at: step.bytes.writerIndex - 1)
        #expect(try step.record().summary == ["unreadable": "messageInvalid"])
        let shown = try step.record(showsContent: true).summary["unreadable"]?.string
        #expect(shown?.contains("is not in the vocabulary") == true)
    }

    /// Every way in which the secret or an id could have been written.
    private static let traces: [(name: String, bytes: [UInt8])] =
        [("the secret", Array(secret.utf8))]
        + ids.flatMap { id in
            [
                ("\(id) as in SUBMIT", littleEndian(id)), ("\(id) as in STEP", varint(id)),
                ("\(id) in decimal", Array("\(id)".utf8)),
            ]
        }

    private func subscriberBytes(showsContent: Bool) throws -> [UInt8] {
        let tap = LiveTap.forTest(showsContent: showsContent)
        let watcher = try Watcher(of: tap)
        let crossings = try Self.crossings()
        for crossing in crossings { tap.show(crossing) }
        let bytes = try watcher.bytes()
        var decoder = InspectionDecoder()
        decoder.append(ByteBuffer(bytes: bytes))
        var count = 0
        while try decoder.next() != nil { count += 1 }
        #expect(count == 1 + crossings.count)
        return bytes
    }

    private static let submit = Submit(
        requestID: requestID,
        prompt: ids,
        creditTokens: 1,
        sampling: Sampling(
            stopTokenIDs: [ids[1]],
            logitBias: [LogitBias(tokenID: ids[0], bias: 1)]
        ),
        constraint: Constraint(.choice([Array(secret.utf8)])),
        cacheSalt: Array(secret.utf8),
        traceState: "k=\(secret)"
    )

    private static func crossings() throws -> [Crossing] {
        let status = Status(.internal, secret, details: Array(secret.utf8))
        let log = WorkerEvent.LogLine(.info, Array(secret.utf8))
        let health = WorkerStatus(health: .serving, monotonicNanoseconds: 1, message: secret)
        let goAway = GoAway(lastStreamID: .of(1), reason: .shutdown, message: secret)
        return [
            try Crossing(.toWorker, .submit(submit), on: 1),
            try Crossing(step: [(1, ids), (3, [ids[2]])]),
            try Crossing(
                .fromWorker,
                .finish(Finish(.error, matchedStopID: ids[3], status: status, emittedTokens: 4)),
                on: 1
            ),
            try Crossing(.fromWorker, .streamError(status), on: 3),
            try Crossing(.fromWorker, .connectionError(status)),
            try Crossing(.fromWorker, .event(WorkerEvent(monotonicNanoseconds: 1, .log(log)))),
            try Crossing(.fromWorker, .status(health)),
            try Crossing(.fromWorker, .goAway(goAway)),
            try Crossing(
                .toWorker,
                .query(Query(method: "describe", arguments: Array(secret.utf8))),
                on: 5
            ),
            try Crossing(
                .fromWorker,
                .reply(Reply(status: status, result: Array(secret.utf8))),
                on: 5
            ),
        ]
    }
}

private func littleEndian(_ id: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: id >> $0) }
}

private func varint(_ id: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = id
    while rest >= 0x80 {
        bytes.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
    }
    return bytes + [UInt8(rest)]
}
