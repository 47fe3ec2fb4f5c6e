/// The pre-tokenizer: cuts a text into the pieces that are tokenized each by itself.
///
/// A piece is what the first matching alternative of this grammar matches, where a greedy
/// repetition gives back as little as possible:
///
/// ```
/// word      [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+ suffix?
///           [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]* suffix?
/// number    \p{N}{1,3}
/// symbols    ?[^\s\p{L}\p{N}]+[\r\n/]*
/// lines     \s*[\r\n]+
/// spaces    \s+(?!\S)
///           \s+
/// suffix    (?i:'s|'t|'re|'ve|'m|'ll|'d)
/// ```
///
/// Every rule looks at each character a bounded number of times, so a text takes linear time.
struct PieceScanner: ~Escapable {
    /// The text, valid UTF-8; it ends where the scanner's part of it ends.
    let bytes: Span<UInt8>

    /// Makes a scanner of a text.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// The end of the piece that begins at an index, which is below the end of the text.
    @inline(__always)
    func pieceEnd(from start: Int) -> Int {
        let (first, next) = character(at: start)
        if !first.isDisjoint(with: .word) { return wordEnd(from: start) }
        if first == .number { return numberEnd(from: next) }
        if first == .newline { return spaceEnd(from: start) }
        let second = characterClass(at: next)
        if !second.isDisjoint(with: .word) { return wordEnd(from: next) }
        if first == .other { return symbolsEnd(from: next) }
        if second == .other, bytes.byte(at: start) == UInt8(ascii: " ") {
            return symbolsEnd(from: next)
        }
        return spaceEnd(from: start)
    }

    // MARK: Characters

    /// The class of the character at an index and the index after it.
    @inline(__always)
    func character(at index: Int) -> (CharacterClass, next: Int) {
        let byte = bytes.byte(at: index)
        if byte < 0x80 { return (LeadByte(byte).characterClass, index &+ 1) }
        let codePoint = CodePoint(at: index, in: bytes)
        let known = LeadByte(byte).characterClass
        let character = known.isEmpty ? CharacterClass(codePoint: codePoint.value) : known
        return (character, index &+ codePoint.byteCount)
    }

    /// The class of the character at an index, or none at the end of the text.
    @inline(__always)
    func characterClass(at index: Int) -> CharacterClass {
        index < bytes.count ? character(at: index).0 : []
    }

    /// The index after the characters of some classes that begin at an index.
    @inline(__always)
    func skip(_ classes: CharacterClass, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            let (character, next) = character(at: index)
            if character.isDisjoint(with: classes) { return index }
            index = next
        }
        return index
    }

    // MARK: Numbers and symbols

    /// The end of a number whose second digit, if it has one, is at an index.
    private func numberEnd(from second: Int) -> Int {
        var index = second
        for _ in 0..<2 where index < bytes.count {
            let (character, next) = character(at: index)
            if character != .number { return index }
            index = next
        }
        return index
    }

    /// The end of symbols, marks among them, and of the slashes and newlines after them.
    @inline(__always)
    private func symbolsEnd(from start: Int) -> Int {
        var index = skip([.other, .mark], from: start)
        while index < bytes.count, Self.isNewlineOrSlash(bytes.byte(at: index)) { index &+= 1 }
        return index
    }

    @inline(__always)
    private static func isNewlineOrSlash(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "/")
    }
}
