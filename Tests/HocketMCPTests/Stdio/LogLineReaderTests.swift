import Testing

@testable import HocketMCP

@Suite struct LogLineReaderTests {
    private func read(_ text: String, _ reader: inout LogLineReader, at now: Int = 0) -> [String] {
        reader.read(Array(text.utf8).span, at: .seconds(now))
    }

    @Test func cutsLinesWhereverTheirBytesAreCut() {
        let bytes = Array("first\r\n\nsecond \u{1B}[31mred\nrest".utf8)
        for cut in 0...bytes.count {
            var reader = LogLineReader()
            let lines =
                reader.read(Array(bytes[..<cut]).span, at: .zero)
                + reader.read(Array(bytes[cut...]).span, at: .zero)
            #expect(lines == ["first", "second  [31mred"])
        }
    }

    @Test func shortensLongLines() {
        var reader = LogLineReader()
        let lines = read(String(repeating: "x", count: 100_000) + "\n", &reader)
        #expect(lines.map(\.utf8.count) == [LogLineReader.lineBytesMax])
    }

    @Test func leavesOutLinesThatComeTooFast() {
        var reader = LogLineReader()
        let flood = String(repeating: "a\n", count: 1000)
        #expect(read(flood, &reader).count == LogLineReader.linesPerSecondMax)
        #expect(read("b\n", &reader) == [])
        #expect(read("c\n", &reader, at: 1) == ["(901 lines left out)", "c"])
    }
}
