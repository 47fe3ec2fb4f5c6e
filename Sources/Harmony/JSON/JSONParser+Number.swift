extension JSONParser {
    /// Reads the spelling of a number.
    mutating func numberText(in bytes: Span<UInt8>) throws(JSONError) -> String {
        let range = try number(in: bytes)
        return try text(bytes.extracting(range), at: range.lowerBound)
    }

    /// Steps over a number (RFC 8259 §6) and returns where it was.
    mutating func number(in bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
        let start = position
        if peek(in: bytes) == UInt8(ascii: "-") { position += 1 }
        let leadingZero = peek(in: bytes) == UInt8(ascii: "0")
        let integerStart = position
        try digits(of: position == start ? "a value" : "a digit", in: bytes)
        guard !leadingZero || position == integerStart + 1 else {
            position = integerStart + 1
            throw error("a number may not begin with a zero and another digit")
        }
        if peek(in: bytes) == UInt8(ascii: ".") {
            position += 1
            try digits(of: "a digit", in: bytes)
        }
        try exponent(in: bytes)
        return start..<position
    }

    private mutating func exponent(in bytes: Span<UInt8>) throws(JSONError) {
        guard peek(in: bytes) | 0x20 == UInt8(ascii: "e") else { return }
        position += 1
        let sign = peek(in: bytes)
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
        try digits(of: "a digit", in: bytes)
    }

    private mutating func digits(of expected: String, in bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        guard position > start else { throw unexpected(expected, in: bytes) }
    }
}
