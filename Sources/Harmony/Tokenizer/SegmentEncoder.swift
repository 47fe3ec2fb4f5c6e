/// Encodes text that holds no special tokens, piece by piece.
struct SegmentEncoder: ~Copyable {
    private var merger = ShortMerger()

    /// Appends the tokens of a text, valid UTF-8.
    mutating func encode(_ bytes: Span<UInt8>, into tokens: inout [TokenID]) {
        let scanner = PieceScanner(bytes)
        var start = 0
        while start < bytes.count {
            let end = scanner.pieceEnd(from: start)
            let piece = Piece(in: bytes, start: start, count: end - start)
            if let token = PieceTable.token(of: piece) {
                tokens.append(token)
            } else {
                merge(bytes.extracting(start..<end), into: &tokens)
            }
            start = end
        }
    }

    private mutating func merge(_ piece: Span<UInt8>, into tokens: inout [TokenID]) {
        if merger.load(InitialParts(of: piece)) {
            merger.merge(into: &tokens)
        } else {
            var merger = LongMerger(InitialParts(of: piece))
            merger.merge(into: &tokens)
        }
    }
}
