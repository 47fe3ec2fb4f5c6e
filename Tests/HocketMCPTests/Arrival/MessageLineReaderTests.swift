import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct MessageLineReaderTests {
    private func text(_ lines: [MessageLineReader.Line]) -> [String] {
        lines.map {
            switch $0 {
            case .text(let bytes): String(decoding: bytes, as: UTF8.self)
            case .tooLarge(let error): error.code.description
            }
        }
    }

    @Test func readsLinesWhereverTheirBytesAreCut() {
        let bytes = Array("{\"a\":1}\n\n  \r\n{\"b\":\"\\n\"}\r\nrest".utf8)
        for cut in 0...bytes.count {
            var reader = MessageLineReader(limits: ArrivalLimits())
            let lines =
                reader.read(Array(bytes[..<cut]).span)
                + reader.read(Array(bytes[cut...]).span)
            #expect(text(lines) == ["{\"a\":1}", "{\"b\":\"\\n\"}\r"])
        }
    }

    @Test func dropsALineThatIsTooLargeAndGoesOn() {
        let limits = ArrivalLimits(messageBytesMax: 10, stringHalfBytesMax: 2)
        var reader = MessageLineReader(limits: limits)
        let lines = reader.read(Array("[1,2,3,4,5,6,7]\n[1]\n".utf8).span)
        #expect(text(lines) == ["tooLarge", "[1]"])
    }

    @Test func endsALineThatNeverEnds() {
        let limits = ArrivalLimits(arrivalBytesMax: 100, messageBytesMax: 1000)
        var reader = MessageLineReader(limits: limits)
        for _ in 0..<1000 { #expect(reader.read(Array("\"aaaaaaaaa".utf8).span) == []) }
        #expect(text(reader.read(Array("\n{}\n".utf8).span)) == ["tooLarge", "{}"])
    }
}
