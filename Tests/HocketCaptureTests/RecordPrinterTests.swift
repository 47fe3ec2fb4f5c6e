import Harmony
import HocketEngine
import HocketWire
import NIOCore
import Testing

@testable import HocketCapture

struct RecordPrinterTests {
    @Test func printsEveryFrameInColumns() throws {
        try Golden.expect(try print(everyFrame(), .columns(isColored: false)), in: "columns.txt")
    }

    @Test func printsEveryFrameAsJSON() throws {
        try Golden.expect(try print(everyFrame(), .json), in: "frames.jsonl")
    }

    @Test func printsTextsWhereContentIsShown() throws {
        let lines = try print(everyFrame(), .columns(isColored: false), showsContent: true)
        try Golden.expect(lines, in: "columns-with-content.txt")
    }

    @Test func colorsOnlyWhatIsOutOfTheOrdinary() throws {
        let lines = try print(everyFrame(), .columns(isColored: true)).split(separator: "\n")
        let colored = lines.filter { $0.contains("\u{1B}[") }
        #expect(colored.count == 4)
        #expect(colored.allSatisfy { $0.contains("\u{1B}[0m") })
        #expect(lines.contains { $0.contains("\u{1B}[31mSTREAM_ERROR\u{1B}[0m") })
    }

    @Test func everyJSONLineIsAnObject() throws {
        for line in try print(everyFrame(), .json, showsContent: true).split(separator: "\n") {
            let object = try #require(try JSONValue(parsing: String(line)).object)
            #expect(object["mono_us"]?.double != nil)
        }
    }

    @Test func tellsDroppedRecordsEvenWhenTheFilterHidesTheNextOne() throws {
        let filter = try RecordFilter(typeNames: ["finish"])
        var record = try Crossing(step: [(1, [5])]).record()
        record.droppedBefore = 1204
        #expect(
            lines(record, .columns(isColored: false), filter) == "--- dropped 1204 records ---\n"
        )
        #expect(lines(record, .json, filter) == "{\"dropped\":1204}\n")
        record.droppedBefore = 1
        #expect(lines(record, .columns(isColored: false), filter) == "--- dropped 1 record ---\n")
    }

    @Test func printsMessagesOfToolServersAmongFrames() throws {
        let messages = everyToolMessage.map { $0.record(droppedBefore: 0) }
        let printed = try messages.map { message in
            (
                columns: lines(message, .columns(isColored: false), try RecordFilter()),
                json: lines(message, .json, try RecordFilter())
            )
        }
        try Golden.expect(printed.map(\.columns).joined(), in: "tool-messages.txt")
        try Golden.expect(printed.map(\.json).joined(), in: "tool-messages.jsonl")
        let colored = try messages.filter { message in
            lines(message, .columns(isColored: true), try RecordFilter()).contains("\u{1B}[31m")
        }
        #expect(colored.map { $0.summary["kind"] } == ["error"])
    }

    @Test func showsTheBodyInHexadecimal() throws {
        var record = try Crossing(.toWorker, .cancel(Cancel(.clientGone)), on: 1).record()
        record.body = [0x08, 0x01, 0xFF]
        let line = try JSONValue(parsing: lines(record, .json, try RecordFilter()))
        #expect(line["body"]?.string == "0801ff")
    }

    @Test func namesTypesOfLaterVersionsByNumber() {
        let record = FrameRecord(
            instant: .noon,
            direction: .fromWorker,
            worker: "",
            head: FrameHead(bodyBytes: 4, typeNumber: 99, messageBytes: 4)
        )
        let line = record.columns(isColored: false)
        #expect(line == "12:00:01.402001 -        → TYPE_99      -            20 B")
    }

    @Test func writesNothingToTheTerminalThatMovesIt() throws {
        let name = "w\u{1B}[2J\u{9B}1m\u{202E}\n"
        let record = FrameRecord(
            instant: .noon,
            direction: .fromWorker,
            worker: name,
            head: FrameHead(bodyBytes: 0, typeNumber: 9, messageBytes: 0),
            summary: [name: .array([.string(name), ["k\u{7}": .string("a b")]])]
        )
        let line = record.columns(isColored: false)
        let escaped = #""w\u{1b}[2J\u{9b}1m\u{202e}\n""#
        #expect(line.hasSuffix(#"\#(escaped)=\#(escaped),"k\u{7}":"a b""#))
        #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test(arguments: [("a", "a"), ("", #""""#), (":", #"":""#), ("a,b", #""a,b""#), ("→é", "→é")])
    func quotesWhatIsNotOnePlainWord(text: String, shown: String) {
        #expect(text.shownInTerminal == shown)
    }

    private func print(
        _ crossings: [Crossing],
        _ style: RecordPrinter.Style,
        showsContent: Bool = false
    ) throws -> String {
        let printer = RecordPrinter(style, filter: try RecordFilter())
        var buffer = ByteBuffer()
        for (index, crossing) in crossings.enumerated() {
            let instant = PeerClock.noon.after(microseconds: UInt64(index) * 1000)
            let record = try crossing.record(at: instant, showsContent: showsContent)
            printer.print(record, into: &buffer)
        }
        return String(buffer: buffer)
    }

    private func lines(
        _ record: FrameRecord,
        _ style: RecordPrinter.Style,
        _ filter: RecordFilter
    ) -> String {
        var buffer = ByteBuffer()
        RecordPrinter(style, filter: filter).print(record, into: &buffer)
        return String(buffer: buffer)
    }

    private func lines(
        _ record: ToolMessageRecord,
        _ style: RecordPrinter.Style,
        _ filter: RecordFilter
    ) -> String {
        var buffer = ByteBuffer()
        RecordPrinter(style, filter: filter).print(record, into: &buffer)
        return String(buffer: buffer)
    }
}
