/// An IPv4 or IPv6 address, as a value.
public enum IPAddress: Hashable, Sendable {
    /// An address of 32 bits.
    case v4(UInt32)
    /// An address of 128 bits.
    case v6(UInt128)

    /// How many bits such an address has.
    public var bitCount: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// Reads an address in its usual spelling, and in no other: four decimal numbers without
    /// leading zeros, or RFC 4291 §2.2 without a zone.
    public init?(_ text: String) {
        if let v4 = Self.v4(text[...]) {
            self = .v4(v4)
        } else if let v6 = Self.v6(text[...]) {
            self = .v6(v6)
        } else {
            return nil
        }
    }
}

extension IPAddress {
    private static func v4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let byte = decimalByte(part) else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    /// A decimal byte; a leading zero could mean octal, so there is none.
    private static func decimalByte(_ text: Substring) -> UInt8? {
        let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isPlain, text == "0" || !text.hasPrefix("0") else { return nil }
        return UInt8(text)
    }

    private static func v6(_ text: Substring) -> UInt128? {
        guard let gap = text.firstRange(of: "::") else {
            let groups = groups(text)
            return groups?.count == 8 ? groups.map(value) : nil
        }
        guard let head = groups(text[..<gap.lowerBound], mayEndInV4: false),
            let tail = groups(text[gap.upperBound...])
        else { return nil }
        let missing = 8 - head.count - tail.count
        // The gap stands for at least one group.
        return missing >= 1 ? value(head + Array(repeating: 0, count: missing) + tail) : nil
    }

    private static func value(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// Groups of hexadecimal digits, the last two of which may be an IPv4 address.
    private static func groups(_ text: Substring, mayEndInV4: Bool = true) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, let v4 = v4(part) {
                groups += [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
            } else if (1...4).contains(part.utf8.count), let group = hexGroup(part) {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups.count <= 8 ? groups : nil
    }

    private static func hexGroup(_ text: Substring) -> UInt16? {
        guard text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt16(text, radix: 16)
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address as it is usually spelled; IPv6 without a gap.
    public var description: String {
        switch self {
        case .v4(let value):
            stride(from: 24, through: 0, by: -8)
                .map { String(value >> UInt32($0) & 0xFF) }
                .joined(separator: ".")
        case .v6(let value):
            stride(from: 112, through: 0, by: -16)
                .map { String(value >> UInt128($0) & 0xFFFF, radix: 16) }
                .joined(separator: ":")
        }
    }
}
