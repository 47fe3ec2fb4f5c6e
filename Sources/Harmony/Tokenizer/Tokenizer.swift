/// Turns text into tokens of the ``Vocabulary`` and tokens back into bytes.
///
/// The tokens are the same that the reference implementation gives, for every text. The tables are
/// part of the executable, so a tokenizer costs nothing to make, and any number of tasks may use
/// one at the same time.
///
/// Encoding takes time proportional to the length of the text, but for a single piece (such as one
/// word) of many bytes n, which takes n log n.
public struct Tokenizer: Sendable {
    /// Makes a tokenizer.
    public init() {}

    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - text: The text to encode.
    ///   - specials: The special tokens whose literal text becomes the token. Any other text that
    ///     looks like a special token is encoded as ordinary text.
    public func encode(_ text: String, allowing specials: Set<SpecialToken> = []) -> [TokenID] {
        var tokens: [TokenID] = []
        encode(text, allowing: specials, into: &tokens)
        return tokens
    }

    /// Appends the tokens of a text.
    ///
    /// - Parameters:
    ///   - text: The text to encode.
    ///   - specials: The special tokens whose literal text becomes the token.
    ///   - tokens: The list to append to.
    public func encode(
        _ text: String,
        allowing specials: Set<SpecialToken> = [],
        into tokens: inout [TokenID]
    ) {
        let bytes = text.utf8Span.span
        var start = 0
        if !specials.isEmpty {
            var scanner = SpecialScanner(bytes, specials)
            while let found = scanner.next() {
                encode(segment: bytes.extracting(start..<found.start), into: &tokens)
                tokens.append(found.token.rawValue)
                start = found.end
            }
        }
        encode(segment: bytes.extracting(start..<bytes.count), into: &tokens)
    }

    private func encode(segment: Span<UInt8>, into tokens: inout [TokenID]) {
        var encoder = SegmentEncoder(segment)
        encoder.encode(into: &tokens)
    }

    /// The tokens of a text in which some special tokens must not occur.
    ///
    /// - Parameters:
    ///   - text: The text to encode.
    ///   - specials: The special tokens whose literal text becomes the token.
    ///   - disallowed: The special tokens whose literal text is an error, also where it is allowed.
    /// - Throws: ``HarmonyError`` with code ``HarmonyError/Code/disallowedSpecial``.
    public func encode(
        _ text: String,
        allowing specials: Set<SpecialToken> = [],
        disallowing disallowed: Set<SpecialToken>
    ) throws(HarmonyError) -> [TokenID] {
        var scanner = SpecialScanner(text.utf8Span.span, disallowed)
        if let found = scanner.next() {
            throw HarmonyError(
                code: .disallowedSpecial,
                message: "The text holds \(found.token.text) at byte \(found.start)."
            )
        }
        return encode(text, allowing: specials)
    }
}
