internal import CHarmonyVocabulary

/// What the first byte of a character tells about it.
struct LeadByte {
    private let word: UInt16

    /// Looks a byte up that begins a character.
    @inline(__always)
    init(_ byte: UInt8) {
        word = unsafe charmonyLeadBytes()[Int(byte)]
    }

    /// The class of all characters that the byte begins, or none if they are of several classes.
    @inline(__always)
    var characterClass: CharacterClass { CharacterClass(rawValue: UInt8(truncatingIfNeeded: word)) }

    /// The number of bytes of a character that the byte begins.
    @inline(__always)
    var byteCount: Int { Int(word &>> 8) }
}
