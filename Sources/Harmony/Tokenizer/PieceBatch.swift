/// A few consecutive pieces of a text, which are looked up together.
///
/// The tables are larger than the caches close to the processor. Asking for the memory of several
/// pieces before looking at that of the first one overlaps the waiting.
@safe struct PieceBatch: ~Copyable {
    /// The number of pieces there is room for.
    static var piecesMax: Int { 16 }

    private let pieces: UnsafeMutablePointer<Piece>
    private(set) var count = 0

    private init(_ pieces: UnsafeMutablePointer<Piece>) {
        unsafe self.pieces = pieces
    }

    /// Calls a function with an empty batch.
    @inline(__always)
    static func withBatch(_ body: (inout PieceBatch) -> Void) {
        unsafe withUnsafeTemporaryAllocation(of: Piece.self, capacity: piecesMax) { memory in
            guard let pieces = memory.baseAddress else { return }
            var batch = unsafe PieceBatch(pieces)
            body(&batch)
        }
    }

    /// The piece at a position.
    @inline(__always)
    subscript(position: Int) -> Piece {
        assert(position < count)
        return unsafe pieces[position]
    }

    /// Takes the next pieces of a text, as many as there is room for and as have no more bytes
    /// than `bytesMax`.
    @inline(__always)
    mutating func fill(_ cutter: inout PieceCutter, bytesMax: Int) {
        // In local variables, because the compiler keeps those in registers.
        var next = cutter
        var filled = 0
        let limit = min(cutter.start &+ bytesMax, cutter.text.count)
        while filled < Self.piecesMax, next.start < next.text.count, next.end <= limit {
            let piece = Piece(in: next.text, from: next.start, to: next.end)
            PieceTable.prefetchSlot(of: piece)
            unsafe pieces[filled] = piece
            filled &+= 1
            next.advance()
        }
        count = filled
        cutter = next
    }

    /// Asks for the bytes of the tokens that the pieces most likely are.
    @inline(__always)
    func prefetchBytes() {
        for position in 0..<count { PieceTable.prefetchBytes(of: self[position]) }
    }
}
