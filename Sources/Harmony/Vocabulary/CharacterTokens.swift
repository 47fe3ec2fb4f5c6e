internal import CHarmonyVocabulary

/// The tokens that are a single byte or a single character.
enum CharacterTokens {
    private static var blockBits: UInt32 { 5 }
    private static var codePointLimit: UInt32 { 0x2_0000 }

    /// The token of one byte.
    @inline(__always)
    static func token(ofByte byte: UInt8) -> TokenID {
        unsafe TokenID(charmonyByteTokens()[Int(byte)])
    }

    /// The token of one character that is not ASCII, or nil if its bytes are several tokens.
    @inline(__always)
    static func token(ofCodePoint codePoint: UInt32) -> TokenID? {
        guard codePoint < codePointLimit else { return nil }
        let table = unsafe UnsafeRawPointer(charmonyCharacterTokens())
        let number = Int(codePoint &>> blockBits)
        let block = unsafe Int(table.load(fromByteOffset: number &* 2, as: UInt16.self))
        let index = block &<< Int(blockBits) &+ Int(codePoint & 31)
        let blocks = Int(codePointLimit &>> blockBits) &* 2
        let token = unsafe table.load(fromByteOffset: blocks &+ index &* 4, as: TokenID.self)
        return token == 0 ? nil : token
    }
}
