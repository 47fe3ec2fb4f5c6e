internal import CHarmonyVocabulary

/// The ordinary tokens by their bytes.
///
/// The table is open-addressed. A slot holds the id of a token, where its bytes are, and a tag of
/// their hash, so that other bytes are mostly refused without looking at those of the token.
enum PieceTable {
    private static var homeBits: UInt64 { 18 }

    /// A slot of the table.
    struct Slot {
        private let word: UInt64

        @inline(__always)
        fileprivate init(_ word: UInt64) {
            self.word = word
        }

        var isEmpty: Bool { word == 0 }
        var tag: UInt64 { word &>> 47 }
        var offset: Int { Int(truncatingIfNeeded: word &>> 26 & 0x1F_FFFF) }
        var count: Int { Int(truncatingIfNeeded: word &>> 18 & 0xFF) }
        var token: TokenID { TokenID(truncatingIfNeeded: word & 0x3_FFFF) }
    }

    /// The token with exactly the bytes of a piece of a text, or nil if there is none.
    @inline(__always)
    static func token(of piece: Piece, in text: Span<UInt8>) -> TokenID? {
        var index = homeIndex(of: piece)
        let tag = piece.hash &>> 29 & 0x1_FFFF
        while true {
            let slot = slot(at: index)
            if slot.isEmpty { return nil }
            if slot.tag == tag, slot.count == piece.count,
                piece.isEqual(toTokenAt: slot.offset, in: text)
            {
                return slot.token
            }
            index &+= 1
        }
    }

    /// Asks for the memory in which the search for a piece begins.
    @inline(__always)
    static func prefetchSlot(of piece: Piece) {
        unsafe charmonyPrefetch(charmonyPieceSlots() + homeIndex(of: piece))
    }

    /// Asks for the bytes of the token that a piece most likely is.
    @inline(__always)
    static func prefetchBytes(of piece: Piece) {
        let offset = slot(at: homeIndex(of: piece)).offset
        unsafe charmonyPrefetch(charmonyTokenBytes() + offset)
    }

    @inline(__always)
    private static func homeIndex(of piece: Piece) -> Int {
        Int(truncatingIfNeeded: piece.hash &>> (64 &- homeBits))
    }

    @inline(__always)
    private static func slot(at index: Int) -> Slot {
        unsafe Slot(charmonyPieceSlots()[index])
    }
}
