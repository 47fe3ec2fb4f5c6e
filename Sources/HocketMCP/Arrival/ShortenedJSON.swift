import HocketEngine

/// A JSON text that is kept within bounds while it arrives, however long its strings are.
///
/// A tool that answers with 50 MB of text puts them into one string. Of such a string the
/// beginning and the end are kept, and a marker between them says how much is missing, so that
/// the message stays readable and the model sees both ends. Everything but the inside of
/// strings passes unchanged; whether it is JSON at all is for the parser to find out.
struct ShortenedJSON {
    private let limits: ArrivalLimits
    private var kept: [UInt8] = []
    private var string: LongString?

    init(limits: ArrivalLimits) {
        self.limits = limits
    }

    /// Adds the next bytes, cut anywhere.
    ///
    /// - Throws: ``ToolError`` `tooLarge` when more is left than may be kept.
    mutating func append(_ bytes: Span<UInt8>) throws(ToolError) {
        var position = 0
        while position < bytes.count {
            let rest = bytes.extracting(position..<bytes.count)
            position += string == nil ? readOutside(rest) : readInside(rest)
            try checkSize()
        }
    }

    /// The text; an unfinished string is left unfinished.
    mutating func finish() -> [UInt8] {
        closeString()
        defer { kept = [] }
        return kept
    }

    private mutating func readOutside(_ bytes: Span<UInt8>) -> Int {
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\"") {
            append(bytes, upTo: index + 1)
            string = LongString(halfBytesMax: limits.stringHalfBytesMax)
            return index + 1
        }
        append(bytes, upTo: bytes.count)
        return bytes.count
    }

    private mutating func readInside(_ bytes: Span<UInt8>) -> Int {
        guard let length = string?.read(bytes, into: &kept) else { return 0 }
        if length < bytes.count {
            closeString()
            kept.append(UInt8(ascii: "\""))
            return length + 1
        }
        return length
    }

    private mutating func closeString() {
        string?.close(into: &kept)
        if let leftOut = string?.leftOut, leftOut > 0 { limits.onLeftOut?(leftOut) }
        string = nil
    }

    private mutating func append(_ bytes: Span<UInt8>, upTo end: Int) {
        for index in 0..<end { kept.append(bytes[index]) }
    }

    private func checkSize() throws(ToolError) {
        guard kept.count > limits.messageBytesMax else { return }
        throw ToolError(
            code: .tooLarge,
            message: "the answer is too large even with its strings shortened "
                + "(max: \(limits.messageBytesMax) bytes)"
        )
    }
}
