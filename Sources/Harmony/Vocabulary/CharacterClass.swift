internal import CHarmonyVocabulary

/// The classes of characters the pre-tokenizer tells apart; each character has exactly one.
///
/// They follow Unicode 16.0, which the vocabulary was made for, and not the version of the
/// standard library.
struct CharacterClass: OptionSet {
    let rawValue: UInt8

    /// Everything that is in no other class: punctuation, symbols, controls, unassigned.
    static var other: Self { Self(rawValue: 1 << 0) }
    /// Upper-case and title-case letters: Lu, Lt.
    static var upper: Self { Self(rawValue: 1 << 1) }
    /// Lower-case letters: Ll.
    static var lower: Self { Self(rawValue: 1 << 2) }
    /// Modifier and other letters: Lm, Lo.
    static var caseless: Self { Self(rawValue: 1 << 3) }
    /// Combining marks: M.
    static var mark: Self { Self(rawValue: 1 << 4) }
    /// Numbers: N.
    static var number: Self { Self(rawValue: 1 << 5) }
    /// White space other than the newlines.
    static var space: Self { Self(rawValue: 1 << 6) }
    /// Carriage return and line feed.
    static var newline: Self { Self(rawValue: 1 << 7) }

    /// What stands in either half of a word, before and after the change to lower case.
    static var eitherCase: Self { [.caseless, .mark] }
    /// What the first half of a word is made of.
    static var wordStart: Self { [.upper, .eitherCase] }
    /// What the second half of a word is made of.
    static var wordEnd: Self { [.lower, .eitherCase] }
    /// What any part of a word is made of.
    static var word: Self { [.upper, .lower, .eitherCase] }
    /// White space of any kind.
    static var anySpace: Self { [.space, .newline] }
}

extension CharacterClass {
    private static let blockBits: UInt32 = 7
    private static let blockCount = 0x11_0000 >> 7

    /// The class of a code point.
    @inline(__always)
    init(codePoint: UInt32) {
        let table = unsafe charmonyCharacterClasses()
        let block = unsafe Int(table[Int(codePoint &>> Self.blockBits)])
        let index = Int(codePoint & ((1 << Self.blockBits) - 1))
        rawValue = unsafe table[Self.blockCount + block << Int(Self.blockBits) + index]
    }
}
