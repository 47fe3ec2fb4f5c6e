extension JSONParser {
    /// Reads a string literal, the opening quote next, and returns it unescaped.
    ///
    /// Nearly all strings hold no escape; those are copied once, straight from the text.
    mutating func string(in bytes: Span<UInt8>) throws(JSONError) -> String {
        position += 1
        let start = position
        var escapes = false
        while true {
            let byte = peek(in: bytes)
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw unexpected("the rest of a string", in: bytes) }
            position += 1
            if byte == UInt8(ascii: "\\") {
                escapes = true
                position = min(position + 1, bytes.count)
            }
        }
        let literal = bytes.extracting(start..<position)
        position += 1
        return try escapes ? unescaped(literal, at: start) : text(literal, at: start)
    }

    /// The text of some bytes of the input.
    ///
    /// - Throws: An error with the offset of the first byte that is not valid UTF-8.
    func text(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            let offset = start + error.byteOffsets.lowerBound
            throw JSONError(offset: offset, message: "a string is not valid UTF-8")
        }
    }

    private func unescaped(_ literal: Span<UInt8>, at start: Int) throws(JSONError) -> String {
        // Escapes are ASCII, so that what is valid before they are replaced is valid after it.
        _ = try text(literal, at: start)
        var output: [UInt8] = []
        output.reserveCapacity(literal.count)
        var position = 0
        var unwritten = 0
        while position < literal.count {
            position += 1
            guard literal[position - 1] == UInt8(ascii: "\\") else { continue }
            output.append(literal.extracting(unwritten..<position - 1))
            try escape(in: literal, &position, at: start, into: &output)
            unwritten = position
        }
        output.append(literal.extracting(unwritten...))
        return String(decoding: output, as: UTF8.self)
    }

    /// Replaces one escape, its backslash already read.
    private func escape(
        in literal: Span<UInt8>,
        _ position: inout Int,
        at start: Int,
        into output: inout [UInt8]
    ) throws(JSONError) {
        let letter = literal[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(letter)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try scalar(in: literal, &position, at: start)
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default:
            throw JSONError(offset: start + position - 1, message: "an escape is not known")
        }
    }

    /// Reads the digits of `\u`, and a second escape if the first is a high surrogate.
    private func scalar(
        in literal: Span<UInt8>,
        _ position: inout Int,
        at start: Int
    ) throws(JSONError) -> Unicode.Scalar {
        let unit = try hexDigits(in: literal, &position, at: start)
        guard UTF16.isLeadSurrogate(unit), begins("\\u", in: literal, at: position) else {
            return Unicode.Scalar(unit) ?? "\u{FFFD}"
        }
        var next = position + 2
        let trail = try hexDigits(in: literal, &next, at: start)
        guard UTF16.isTrailSurrogate(trail) else { return "\u{FFFD}" }
        position = next
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    private func begins(_ prefix: StaticString, in literal: Span<UInt8>, at position: Int) -> Bool {
        let end = position + prefix.utf8CodeUnitCount
        guard end <= literal.count else { return false }
        return zip(position..<end, prefix.description.utf8).allSatisfy { literal[$0] == $1 }
    }

    private func hexDigits(
        in literal: Span<UInt8>,
        _ position: inout Int,
        at start: Int
    ) throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard position < literal.count, let digit = Self.hexDigit(literal[position]) else {
                let offset = start + position
                throw JSONError(offset: offset, message: "an escape needs four hexadecimal digits")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 0x30...0x39: UInt16(byte - 0x30)
        case 0x41...0x46: UInt16(byte - 0x37)
        case 0x61...0x66: UInt16(byte - 0x57)
        default: nil
        }
    }
}
