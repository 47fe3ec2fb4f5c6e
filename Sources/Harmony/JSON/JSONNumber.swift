/// A JSON number, kept as it was written.
///
/// Nothing is rounded on the way through: `1.0`, `1` and `1e0` are different numbers here, and
/// equality compares the spelling.
public struct JSONNumber: Hashable, Sendable {
    /// The number as RFC 8259 §6 spells it.
    public let text: String

    /// Creates a number from its spelling; nil unless `text` is a number by RFC 8259 §6.
    public init?(text: String) {
        var parser = JSONParser(depthMax: 0)
        let bytes = text.utf8.span
        guard let range = try? parser.number(in: bytes), range.upperBound == bytes.count else {
            return nil
        }
        self.init(validated: text)
    }

    /// Creates a number from an integer.
    public init(_ value: some BinaryInteger) {
        self.init(validated: String(value))
    }

    /// Creates a number from a `Double`, in the shortest spelling that reads back as the same
    /// value; nil for infinities and NaN, which JSON has no spelling for.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.init(validated: value.description)
    }

    init(validated text: String) {
        self.text = text
    }

    /// The value, if it is spelled as an integer (no fraction, no exponent) that fits 64 bits.
    public var integer: Int? { Int(text) }

    /// The nearest `Double`; infinite if the number is too large for one.
    public var double: Double { Double(text) ?? .infinity }
}
