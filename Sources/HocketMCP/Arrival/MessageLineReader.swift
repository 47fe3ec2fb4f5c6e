import HocketEngine

/// Cuts a pipe's bytes into lines, each of which should be a message.
///
/// Lines are shortened while they arrive. One that is too large even so is dropped to its end,
/// and reported in its place.
struct MessageLineReader {
    /// One line.
    enum Line: Hashable, Sendable {
        case text([UInt8])
        case tooLarge(ToolError)
    }

    private let limits: ArrivalLimits
    private var line: ShortenedJSON
    private var lineBytes = 0
    private var failure: ToolError?

    init(limits: ArrivalLimits) {
        self.limits = limits
        line = ShortenedJSON(limits: limits)
    }

    /// Reads the next bytes, cut anywhere, and returns the lines that they complete; empty ones
    /// are skipped.
    mutating func read(_ bytes: Span<UInt8>) -> [Line] {
        var lines: [Line] = []
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            add(bytes.extracting(start..<index))
            if let complete = endLine() { lines.append(complete) }
            start = index + 1
        }
        add(bytes.extracting(start..<bytes.count))
        return lines
    }

    private mutating func add(_ bytes: Span<UInt8>) {
        guard failure == nil else { return }
        lineBytes += bytes.count
        do throws(ToolError) {
            guard lineBytes <= limits.arrivalBytesMax else {
                throw ToolError(arrivalBytesMax: limits.arrivalBytesMax)
            }
            try line.append(bytes)
        } catch {
            failure = error
            line = ShortenedJSON(limits: limits)
        }
    }

    private mutating func endLine() -> Line? {
        defer { (lineBytes, failure) = (0, nil) }
        if let failure { return .tooLarge(failure) }
        let text = line.finish()
        let isBlank = text.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
        return isBlank ? nil : .text(text)
    }
}
