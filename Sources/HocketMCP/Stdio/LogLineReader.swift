/// Cuts what a program writes for its log into lines, as many and as long as a log can take.
struct LogLineReader {
    private var line: [UInt8] = []
    private var secondStart = Duration.zero
    private var linesThisSecond = 0
    private var leftOut = 0

    static let lineBytesMax = 1024
    static let linesPerSecondMax = 100

    /// Reads the next bytes, cut anywhere, and returns the lines for the log.
    mutating func read(_ bytes: Span<UInt8>, at now: Duration) -> [String] {
        var lines: [String] = []
        if now - secondStart >= .seconds(1) {
            if leftOut > 0 { lines.append("(\(leftOut) lines left out)") }
            (secondStart, linesThisSecond, leftOut) = (now, 0, 0)
        }
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "\n") {
                endLine(&lines)
            } else if line.count < Self.lineBytesMax {
                line.append(bytes[index])
            }
        }
        return lines
    }

    private mutating func endLine(_ lines: inout [String]) {
        defer { line.removeAll(keepingCapacity: true) }
        let text = Self.printable(line)
        guard !text.isEmpty else { return }
        guard linesThisSecond < Self.linesPerSecondMax else { return leftOut += 1 }
        linesThisSecond += 1
        lines.append(text)
    }

    /// The line without what could move a terminal's cursor or colour it.
    private static func printable(_ line: [UInt8]) -> String {
        let text = line.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 }
        let end = text.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? 0
        return String(decoding: text[..<end], as: UTF8.self)
    }
}
