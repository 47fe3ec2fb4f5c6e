internal import CHarmonyVocabulary

/// The boundary between two neighbouring characters, and which tokens span it.
enum CharacterBoundary {
    private static var wordBits: UInt64 { 12 }

    /// What stands for the absence of tokens in the table of torn boundaries.
    private static var never: UInt8 { 255 }

    /// Whether some token may hold two neighbours, at least one of which takes three bytes or more.
    ///
    /// The filter knows the neighbours within all tokens that are whole UTF-8. What remains are
    /// tokens that hold only a part of one of the two.
    @inline(__always)
    static func isSpanned(from left: UInt32, to right: UInt32, last: UInt8, first: UInt8) -> Bool {
        let pair = UInt64(left) &<< 21 | UInt64(right)
        let hash = pair &* 0x9E37_79B9_7F4A_7C15
        let word = unsafe charmonyJoinedCharacters()[Int(hash &>> (64 &- wordBits))]
        let isJoined = word &>> (hash &>> 40) & word &>> (hash &>> 34) & 1 != 0
        return isJoined || lowestTearing(last, first) != never
    }

    /// Whether a character of this token is complete before a merge crosses one of its boundaries.
    ///
    /// The boundary is the one between the bytes `last` and `first`. Merges happen in the order of
    /// their ranks, because a token ranks above its parts. What crosses the boundary of an
    /// incomplete character makes a token that is not whole UTF-8, so nothing does if all such
    /// tokens rank above that of the character.
    @inline(__always)
    static func isComplete(_ token: TokenID, beforeMergeOf last: UInt8, with first: UInt8) -> Bool {
        token &>> 10 < TokenID(lowestTearing(last, first))
    }

    /// The lowest id >> 10 of the tokens that span a boundary and are not whole UTF-8.
    @inline(__always)
    private static func lowestTearing(_ last: UInt8, _ first: UInt8) -> UInt8 {
        unsafe charmonyTornBoundaries()[Int(last) &<< 8 | Int(first)]
    }
}
