extension JSONNumber {
    /// The value as the reference reads it; nil if it is too large for it.
    ///
    /// `serde_json` scales a 64-bit significand by a power of ten, without correct rounding, so
    /// numbers of more than 15 digits may come out one unit in the last place beside ``double``.
    var referenceValue: Double? {
        let parts = text.utf8.split { $0 | 0x20 == UInt8(ascii: "e") }
        var (significand, exponent) = Self.significand(of: parts[0])
        if parts.count > 1 { exponent += Self.exponent(of: parts[1]) }
        return Self.scaled(Double(significand), by: exponent)
    }

    /// As many leading digits as 64 bits hold, and the power of ten they are multiplied by.
    private static func significand(of text: Substring.UTF8View) -> (UInt64, Int) {
        let parts = text.split(separator: UInt8(ascii: "."))
        var significand: UInt64 = 0
        let integer = parts[0].drop { $0 == UInt8(ascii: "-") }
        var exponent = integer.count - append(integer, to: &significand)
        if parts.count > 1 { exponent -= append(parts[1], to: &significand) }
        return (significand, exponent)
    }

    /// Appends digits while there is room, and returns how many.
    private static func append(_ digits: Substring.UTF8View, to significand: inout UInt64) -> Int {
        for (count, byte) in digits.enumerated() {
            let (tens, isFull) = significand.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            if isFull || isOver { return count }
            significand = sum
        }
        return digits.count
    }

    private static func exponent(of text: Substring.UTF8View) -> Int {
        let limit = text.first == UInt8(ascii: "-") ? Int(Int32.min) : Int(Int32.max)
        return Int(Substring(text)) ?? limit
    }

    private static func scaled(_ value: Double, by exponent: Int) -> Double? {
        var value = value
        var exponent = exponent
        while value != 0, exponent < -308 {
            value /= 1e308
            exponent += 308
        }
        guard value != 0 else { return 0 }
        guard exponent <= 308, let power = Double("1e\(exponent.magnitude)") else { return nil }
        value = exponent < 0 ? value / power : value * power
        return value.isFinite ? value : nil
    }
}
