import Harmony
import HocketEngine
import HocketWire
import NIOCore
import Testing

@testable import HocketCapture

struct InspectionFormatTests {
    // A stream in hexadecimal, field by field.
    private static let preface: [UInt8] = [
        0x48, 0x54, 0x41, 0x50,  // HTAP
        0x01, 0x01,  // version 1.1
        0x0D, 0x0A,
    ]
    private static let opening: [UInt8] = [
        0x1A, 0, 0, 0,  // 26 bytes
        0x01, 0, 0, 0,  // an opening
        0x14, 0x1A, 0x99, 0xBE, 0x1C, 0, 0, 0,  // 123 456 789 012 ns
        0x68, 0x56, 0x7D, 0x03, 0x39, 0x5C, 0xEA, 0x18,  // 1 795 348 801 402 001 000 ns
        0x01, 0,  // content is shown
        0x06, 0,  // the length of the build
        0x68, 0x6F, 0x63, 0x6B, 0x65, 0x74,  // hocket
    ]
    private static let frame: [UInt8] = [
        0x4F, 0, 0, 0,  // 79 bytes
        0x02, 0, 0, 0,  // a frame
        0x14, 0x1A, 0x99, 0xBE, 0x1C, 0, 0, 0,
        0x68, 0x56, 0x7D, 0x03, 0x39, 0x5C, 0xEA, 0x18,
        0x03, 0, 0, 0, 0, 0, 0, 0,  // 3 were dropped
        0x01, 0,  // to the worker
        0x02, 0,  // the length of the worker's name
        0x17, 0,  // the length of the summary
        0, 0,
        0x02, 0, 0, 0,  // the length of the body
        0x02, 0, 0, 0, 0x07, 0x00, 0, 0, 0x0F, 0, 0, 0, 0x02, 0, 0, 0,  // CANCEL on stream 15
        0x77, 0x30,  // w0
        // {"reason":"clientGone"}
        0x7B, 0x22, 0x72, 0x65, 0x61, 0x73, 0x6F, 0x6E, 0x22, 0x3A,
        0x22, 0x63, 0x6C, 0x69, 0x65, 0x6E, 0x74, 0x47, 0x6F, 0x6E, 0x65, 0x22, 0x7D,
        0x08, 0x01,  // the body
    ]
    private static let toolMessage: [UInt8] = [
        0x42, 0, 0, 0,  // 66 bytes
        0x03, 0, 0, 0,  // a tool message
        0x14, 0x1A, 0x99, 0xBE, 0x1C, 0, 0, 0,
        0x68, 0x56, 0x7D, 0x03, 0x39, 0x5C, 0xEA, 0x18,
        0x04, 0, 0, 0, 0, 0, 0, 0,  // 4 were dropped
        0x01, 0,  // to the server
        0x03, 0,  // the length of the server's name
        0x11, 0,  // the length of the summary
        0, 0,
        0x02, 0, 0, 0,  // the length of the text
        0x09, 0, 0, 0,  // conversation 9
        0x00, 0x01, 0, 0,  // 256 bytes of message
        0x64, 0x6F, 0x63,  // doc
        // {"kind":"result"}
        0x7B, 0x22, 0x6B, 0x69, 0x6E, 0x64, 0x22, 0x3A, 0x22, 0x72, 0x65, 0x73, 0x75, 0x6C, 0x74,
        0x22, 0x7D,
        0x7B, 0x7D,  // the text
    ]
    private static let bytes = preface + opening + frame + toolMessage
    private static let events: [InspectionDecoder.Event] = [
        .opening(InspectionOpening(build: "hocket", showsContent: true, clock: .noon)),
        .frame(
            FrameRecord(
                instant: .noon,
                direction: .toWorker,
                worker: "w0",
                droppedBefore: 3,
                head: FrameHead(bodyBytes: 2, typeNumber: 7, stream: 15, messageBytes: 2),
                summary: ["reason": "clientGone"],
                body: [0x08, 0x01]
            )
        ),
        .toolMessage(
            ToolMessageRecord(
                instant: .noon,
                direction: .toServer,
                server: "doc",
                session: 9,
                droppedBefore: 4,
                messageBytes: 256,
                summary: ["kind": "result"],
                text: Array("{}".utf8)
            )
        ),
    ]

    @Test func writesTheBytesOfTheFormat() {
        var buffer = ByteBuffer()
        InspectionFormat.writePreface(into: &buffer)
        for event in Self.events {
            switch event {
            case .opening(let opening): opening.write(into: &buffer)
            case .frame(let record): record.write(into: &buffer)
            case .toolMessage(let record): record.write(into: &buffer)
            }
        }
        #expect(Array(buffer.readableBytesView) == Self.bytes)
    }

    @Test func readsTheBytesHoweverTheyAreCut() throws {
        let bytes = Self.bytes
        for cut in 0...bytes.count {
            let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
            #expect(try events(of: pieces) == Self.events, "cut at \(cut)")
        }
        #expect(try events(of: bytes.map { [$0] }) == Self.events)
    }

    @Test func knowsWhereAStreamMayEnd() throws {
        let bytes = Self.preface + Self.opening + Self.frame
        let ends = [8, 8 + Self.opening.count, bytes.count]
        for cut in 0...bytes.count {
            var decoder = InspectionDecoder()
            decoder.append(ByteBuffer(bytes: bytes[..<cut]))
            while try decoder.next() != nil {}
            if ends.contains(cut) {
                try decoder.finish()
            } else {
                let error = #expect(throws: CaptureError.self) { try decoder.finish() }
                #expect(error?.code == .truncated, "cut at \(cut)")
            }
        }
    }

    @Test func skipsWhatALaterVersionAdds() throws {
        let unknown: [UInt8] = [3, 0, 0, 0, 200, 0, 0, 0, 1, 2, 3]
        var longer = Self.frame + [0xAA, 0xBB]
        longer[0] += 2
        var preface = Self.preface
        preface[5] = 9
        var longerMessage = Self.toolMessage + [0xCC]
        longerMessage[0] += 1
        let bytes = preface + unknown + Self.opening + unknown + longer + longerMessage
        #expect(try events(of: [bytes]) == Self.events)
    }

    private static let strangers: [(String, CaptureError.Code)] = [
        ("HOCK\u{1}\u{0}\r\n", .prefaceInvalid), ("H", .truncated),
        ("HX", .prefaceInvalid), ("HTAP\u{2}\u{0}\r\n", .versionUnsupported),
        ("HTAP\u{1}\u{0}\n\n", .prefaceInvalid), ("", .truncated),
    ]

    @Test(arguments: strangers)
    func refusesOtherProtocols(text: String, code: CaptureError.Code) {
        #expect(error(of: Array(text.utf8)) == code)
    }

    /// Where a frame's block is changed, and to what.
    private static let contradictions: [(Int, UInt8)] = [
        (3, 0x01),  // a block of 16 MiB
        (8 + 24, 0x02),  // a third direction
        (8 + 26, 0xFF), (8 + 28, 0xFF), (8 + 32, 0xFF),  // parts longer than the block
        (8 + 54, 0x5B),  // a summary that opens as an array
    ]

    @Test(arguments: contradictions)
    func refusesRecordsThatContradictThemselves(offset: Int, value: UInt8) {
        var frame = Self.frame
        frame[offset] = value
        #expect(error(of: Self.preface + frame) == .recordInvalid)
    }

    @Test func refusesRecordsThatAreCutShort() {
        for length in 0..<UInt8(Self.frame.count - 8) {
            let block = [length, 0, 0, 0, 2, 0, 0, 0] + Self.frame[8..<(8 + Int(length))]
            #expect(error(of: Self.preface + block) == .recordInvalid, "\(length) bytes")
        }
    }

    @Test func refusesToolMessagesThatContradictThemselvesOrAreCutShort() {
        for (offset, value): (Int, UInt8) in [
            (8 + 24, 0x02), (8 + 26, 0xFF), (8 + 28, 0xFF), (8 + 32, 0xFF), (8 + 47, 0x5B),
        ] {
            var message = Self.toolMessage
            message[offset] = value
            #expect(error(of: Self.preface + message) == .recordInvalid, "offset \(offset)")
        }
        for length in 0..<UInt8(Self.toolMessage.count - 8) {
            let block = [length, 0, 0, 0, 3, 0, 0, 0] + Self.toolMessage[8..<(8 + Int(length))]
            #expect(error(of: Self.preface + block) == .recordInvalid, "\(length) bytes")
        }
    }

    @Test func refusesOpeningsThatAreCutShort() {
        #expect(error(of: Self.preface + [1, 0, 0, 0, 1, 0, 0, 0, 0]) == .recordInvalid)
    }

    @Test func cutsNamesAndReplacesSummariesThatAreTooLong() throws {
        var record = try Crossing(.toWorker, .cancel(Cancel(.clientGone)), on: 1).record()
        record.worker = String(repeating: "é", count: 200)
        record.summary = ["models": .string(String(repeating: "m", count: 20_000))]
        var buffer = ByteBuffer()
        InspectionFormat.writePreface(into: &buffer)
        record.write(into: &buffer)
        record.worker = String(repeating: "é", count: 127)
        record.summary = ["summary_bytes": 20_013]
        #expect(try events(of: [Array(buffer.readableBytesView)]) == [.frame(record)])
    }

    private func events(of pieces: [[UInt8]]) throws -> [InspectionDecoder.Event] {
        var decoder = InspectionDecoder()
        var events: [InspectionDecoder.Event] = []
        for piece in pieces {
            decoder.append(ByteBuffer(bytes: piece))
            while let event = try decoder.next() { events.append(event) }
        }
        try decoder.finish()
        return events
    }

    private func error(of bytes: [UInt8]) -> CaptureError.Code? {
        do {
            _ = try events(of: [bytes])
            return nil
        } catch {
            return (error as? CaptureError)?.code
        }
    }
}
