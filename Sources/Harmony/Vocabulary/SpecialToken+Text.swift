extension SpecialToken {
    /// The literal text of the token, such as `<|start|>` or `<|reserved_200014|>`.
    public var text: String {
        guard let bytes = Vocabulary.bytes(of: rawValue) else { return "" }
        return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Makes the special token with this literal text, or nil if there is none.
    public init?(text: String) {
        let bytes = text.utf8Span.span
        guard let token = SpecialToken(at: 0, in: bytes), token.byteCount == bytes.count else {
            return nil
        }
        self = token
    }

    /// Makes the special token whose literal text begins at an index of a text, if there is one.
    ///
    /// No literal text is the beginning of another one, so there is at most one.
    init?(at start: Int, in bytes: Span<UInt8>) {
        if let reserved = Self.reserved(at: start, in: bytes) {
            self = reserved
            return
        }
        guard let named = Self.named.first(where: { $0.isWritten(at: start, in: bytes) }) else {
            return nil
        }
        self = named
    }

    /// The number of bytes of the literal text.
    var byteCount: Int { TokenExtent(of: rawValue).count }

    private static let named: [SpecialToken] = [
        .start, .message, .end, .channel, .constrain, .call, .return, .startOfText, .endOfText,
    ]

    private static let reservedPrefix = "<|reserved_".utf8.count

    /// The token `<|reserved_N|>` that begins at an index; N always has six digits.
    private static func reserved(at start: Int, in bytes: Span<UInt8>) -> SpecialToken? {
        let digits = start + reservedPrefix
        guard digits + 6 <= bytes.count else { return nil }
        var id: TokenID = 0
        for index in digits..<digits + 6 {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            id = id * 10 + TokenID(digit)
        }
        guard let token = SpecialToken(rawValue: id), token.isWritten(at: start, in: bytes) else {
            return nil
        }
        return token
    }

    private func isWritten(at start: Int, in bytes: Span<UInt8>) -> Bool {
        guard let text = Vocabulary.bytes(of: rawValue), start + text.count <= bytes.count else {
            return false
        }
        for index in text.indices where text[index] != bytes[start + index] {
            return false
        }
        return true
    }
}
