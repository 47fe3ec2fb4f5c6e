/// Where in a unit of a JSON string's inside the next byte is.
///
/// A unit is what must not be cut: a character of UTF-8, an escape, or the two escapes of a pair
/// of surrogates.
struct JSONStringUnit {
    private enum Escape {
        case none
        /// After the backslash.
        case kind
        /// Before the hexadecimal digits that are still to come.
        case digits(Int)
    }

    private var escape = Escape.none
    /// The last escape, or the running one as far as it can be told, is a high surrogate.
    private var isHighSurrogate = false
    private var isFirstDigitD = false
    private var length = 0

    /// As many bytes as a pair of surrogates has: what is longer is no UTF-8, and may be cut
    /// anywhere.
    private static let bytesMax = 12

    /// Whether the next byte is inside an escape, so that a quote does not end the string.
    var isEscape: Bool {
        if case .none = escape { false } else { true }
    }

    /// Moves past a byte, and says whether a unit begins with it.
    mutating func begins(with byte: UInt8) -> Bool {
        let isStart = isBoundary(before: byte)
        length = isStart ? 1 : length + 1
        advance(byte)
        return isStart
    }

    private func isBoundary(before byte: UInt8) -> Bool {
        if length >= Self.bytesMax { return true }
        if isEscape { return false }
        if isHighSurrogate, byte == UInt8(ascii: "\\") { return false }
        return byte & 0b1100_0000 != 0b1000_0000
    }

    private mutating func advance(_ byte: UInt8) {
        switch escape {
        case .none:
            guard byte == UInt8(ascii: "\\") else { return isHighSurrogate = false }
            escape = .kind
        case .kind:
            guard byte == UInt8(ascii: "u") else { return endEscape() }
            escape = .digits(4)
        case .digits(let left):
            readDigit(byte, left: left)
            escape = left == 1 ? .none : .digits(left - 1)
        }
    }

    private mutating func endEscape() {
        escape = .none
        isHighSurrogate = false
    }

    /// High surrogates are `D800` to `DBFF`: the first two digits tell.
    private mutating func readDigit(_ byte: UInt8, left: Int) {
        if left == 4 { isFirstDigitD = byte | 0x20 == UInt8(ascii: "d") }
        guard left == 3 else { return }
        let isHigh =
            [UInt8(ascii: "8"), UInt8(ascii: "9")].contains(byte)
            || [UInt8(ascii: "a"), UInt8(ascii: "b")].contains(byte | 0x20)
        isHighSurrogate = isFirstDigitD && isHigh
    }
}
