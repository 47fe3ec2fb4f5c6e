internal import CHarmonyVocabulary

/// The ordinary tokens by their bytes.
///
/// The table is open-addressed. A slot holds the id of a token and a tag of its hash, so that
/// most bytes that are no token are refused without looking at the bytes of one.
enum PieceTable {
    private static var idBits: UInt32 { 18 }
    private static var slotBits: UInt64 { 19 }
    private static var tagBits: UInt64 { 14 }
    private static var empty: UInt32 { .max }

    /// The token with exactly these bytes, or nil if there is none.
    @inline(__always)
    static func token(of piece: borrowing Piece) -> TokenID? {
        let hash = piece.hash
        let slots = unsafe charmonyPieceSlots()
        let tag = UInt32(truncatingIfNeeded: hash &>> (64 - slotBits - tagBits) & 0x3FFF)
        var index = Int(truncatingIfNeeded: hash &>> (64 - slotBits))
        while true {
            let slot = unsafe slots[index]
            if slot == empty { return nil }
            if slot &>> idBits == tag {
                let token = slot & 0x3_FFFF
                if piece.hasSameBytes(as: Vocabulary.piece(of: token)) { return token }
            }
            index &+= 1
        }
    }
}

extension Vocabulary {
    @inline(__always)
    @_lifetime(immortal)
    fileprivate static func piece(of token: TokenID) -> Piece {
        let extent = TokenExtent(of: token)
        return Piece(in: allBytes, start: extent.offset, count: extent.count)
    }
}
