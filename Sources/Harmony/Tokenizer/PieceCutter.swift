/// Cuts a text into pieces that do not depend on each other: those of the pre-tokenizer, cut again
/// where no token spans the boundary of two characters.
///
/// No merge can cross such a boundary, so the tokens come out the same; and a piece that is a token
/// is what its merges lead to, which the generator of the tables makes sure of. It matters for
/// scripts without spaces, whose pieces are whole clauses: cut again, most of them are tokens.
struct PieceCutter: ~Escapable {
    private let scanner: PieceScanner
    private var endOfScanned = 0

    /// Where the current piece begins; the end of the text if there is no further piece.
    private(set) var start = 0
    /// Where the current piece ends.
    private(set) var end = 0

    /// Makes a cutter that is at the first piece of a text.
    @_lifetime(copy text)
    init(_ text: Span<UInt8>) {
        scanner = PieceScanner(text)
        advance()
    }

    /// The text that is cut.
    var text: Span<UInt8> {
        @_lifetime(copy self)
        get { scanner.bytes }
    }

    /// Goes on to the next piece.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func advance() {
        start = end
        if start == text.count { return }
        if start == endOfScanned { endOfScanned = scanner.pieceEnd(from: start) }
        end = beginsWithWideCharacter ? endOfSpanned() : endOfScanned
    }

    /// Whether the first or the second byte begins a character of three bytes or more: whether it
    /// is likely that there is a boundary to be found.
    @inline(__always)
    private var beginsWithWideCharacter: Bool {
        if text.byte(at: start) >= 0xE0 { return true }
        return start &+ 1 < endOfScanned && text.byte(at: start &+ 1) >= 0xE0
    }

    /// The first boundary within the scanned piece that no token spans, or the end of the piece.
    private func endOfSpanned() -> Int {
        var (left, index) = codePoint(at: start)
        while index < endOfScanned {
            let (right, next) = codePoint(at: index)
            if max(left, right) >= 0x800 {
                let (last, first) = (text.byte(at: index &- 1), text.byte(at: index))
                if !CharacterBoundary.isSpanned(from: left, to: right, last: last, first: first) {
                    return index
                }
            }
            (left, index) = (right, next)
        }
        return endOfScanned
    }

    @inline(__always)
    private func codePoint(at index: Int) -> (UInt32, next: Int) {
        let byte = text.byte(at: index)
        if byte < 0x80 { return (UInt32(byte), index &+ 1) }
        let codePoint = CodePoint(at: index, in: text)
        return (codePoint.value, index &+ codePoint.byteCount)
    }
}
