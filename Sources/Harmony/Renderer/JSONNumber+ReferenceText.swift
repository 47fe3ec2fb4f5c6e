extension JSONNumber {
    /// The number as the reference prints it, that is, `serde_json` 1.0.140.
    ///
    /// Integers of 64 bits keep their digits. All others are read as a `Double` and written in its
    /// shortest digits, with a fraction up to 10¹⁶ and with an exponent beyond. A number too large
    /// for that, which the reference refuses to read, stays as it is.
    var referenceText: String {
        let isInteger = text != "-0" && (Int64(text) != nil || UInt64(text) != nil)
        guard !isInteger, let value = referenceValue else { return text }
        return (text.utf8.first == UInt8(ascii: "-") ? "-" : "") + Self.text(of: value)
    }

    private static func text(of value: Double) -> String {
        let (digits, exponent) = decimal(value)
        let point = digits.count + exponent
        if exponent >= 0, point <= 16 {
            return digits + String(repeating: "0", count: exponent) + ".0"
        }
        if (1...16).contains(point) {
            return digits.prefix(point) + "." + digits.dropFirst(point)
        }
        if (-4...0).contains(point) {
            return "0." + String(repeating: "0", count: -point) + digits
        }
        let fraction = digits.dropFirst()
        return digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e\(point - 1)"
    }

    /// The shortest digits that read back as `value`, and the power of ten they are multiplied by.
    private static func decimal(_ value: Double) -> (digits: String, exponent: Int) {
        guard value != 0 else { return ("0", 0) }
        let parts = value.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
        var digits = (mantissa[0] + fraction).drop { $0 == "0" }
        while digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        return (String(digits), exponent)
    }
}
