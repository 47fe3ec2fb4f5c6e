/// Sixteen bytes that name a request in frames, logs, captures, traces and HTTP answers.
public struct RequestID: RawRepresentable, Hashable, Sendable {
    /// The bytes as a number; the first byte is the most significant.
    public let rawValue: UInt128

    /// Takes a number, random or derived from another id.
    public init(rawValue: UInt128) {
        self.rawValue = rawValue
    }
}

extension RequestID: CustomStringConvertible {
    /// Thirty-two hexadecimal digits.
    public var description: String { hexadecimal(rawValue) }
}

/// Sixteen random bytes that name one start of a process.
public struct InstanceID: RawRepresentable, Hashable, Sendable {
    /// The bytes as a number; the first byte is the most significant.
    public let rawValue: UInt128

    /// Takes a number, usually random.
    public init(rawValue: UInt128) {
        self.rawValue = rawValue
    }
}

extension InstanceID: CustomStringConvertible {
    /// Thirty-two hexadecimal digits.
    public var description: String { hexadecimal(rawValue) }
}

private func hexadecimal(_ value: UInt128) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 32 - digits.utf8.count) + digits
}
