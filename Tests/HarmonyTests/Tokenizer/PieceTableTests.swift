import Testing

@testable import Harmony

@Suite struct PieceTableTests {
    /// Also pins the hash, of which the generator of the tables has its own copy.
    @Test func findsEveryOrdinaryTokenByItsBytes() {
        for token in 0..<TokenID(Vocabulary.ordinarySize) {
            #expect(lookUp(bytes(of: token)) == token)
        }
    }

    @Test func findsNoSpecialToken() {
        for special in SpecialToken.all {
            #expect(lookUp(bytes(of: special.rawValue)) == nil)
        }
    }

    /// Differences in the middle are those that the words of a long piece do not show.
    @Test(arguments: 17...32)
    func comparesAllBytesOfLongPieces(count: Int) {
        let spaces = [UInt8](repeating: UInt8(ascii: " "), count: count)
        #expect(lookUp(spaces) != nil)
        for index in spaces.indices {
            var changed = spaces
            changed[index] = 0x01
            #expect(lookUp(changed) == nil)
        }
    }

    /// Few bytes at the end of a text are loaded in another way than elsewhere.
    @Test func findsPiecesWhateverFollowsThem() {
        let text = Array(" international".utf8)
        for count in 1...text.count {
            let alone = lookUp(Array(text[..<count]))
            let followed = Array(text[..<count]) + [UInt8](repeating: 0xFF, count: 16)
            let piece = Piece(in: followed.span, from: 0, to: count)
            #expect(PieceTable.token(of: piece, in: followed.span) == alone)
        }
    }

    private func bytes(of token: TokenID) -> [UInt8] {
        (try? Tokenizer().decode(CollectionOfOne(token))) ?? []
    }

    private func lookUp(_ bytes: [UInt8]) -> TokenID? {
        let piece = Piece(in: bytes.span, from: 0, to: bytes.count)
        return PieceTable.token(of: piece, in: bytes.span)
    }
}
