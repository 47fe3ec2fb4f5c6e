/// Encodes text that holds no special tokens, piece by piece.
struct SegmentEncoder: ~Escapable {
    /// The number of tokens to make room for at a time.
    private static var chunkTokens: Int { 1024 }

    /// The room below which it is better to make more than to go on with small batches.
    private static var batchTokens: Int { 128 }

    private var cutter: PieceCutter

    /// Makes an encoder of a text, valid UTF-8.
    @_lifetime(copy text)
    init(_ text: Span<UInt8>) {
        cutter = PieceCutter(text)
    }

    /// Appends the tokens of the text.
    ///
    /// A piece has at most as many tokens as bytes, so pieces that have no more bytes than there is
    /// room for tokens need no further check.
    @_lifetime(self: copy self)
    mutating func encode(into tokens: inout [TokenID]) {
        PieceBatch.withBatch { batch in
            while cutter.start < cutter.text.count {
                let remaining = cutter.text.count - cutter.start
                let room = max(cutter.end - cutter.start, min(Self.chunkTokens, remaining))
                tokens.append(addingCapacity: room) { output in
                    encodeChunk(into: &output, &batch)
                }
            }
        }
    }

    /// Appends tokens while there is room for them.
    @_lifetime(self: copy self)
    private mutating func encodeChunk(
        into output: inout OutputSpan<TokenID>,
        _ batch: inout PieceBatch
    ) {
        repeat {
            batch.fill(&cutter, bytesMax: output.freeCapacity)
            batch.prefetchBytes()
            for position in 0..<batch.count { encode(batch[position], into: &output) }
        } while batch.count > 0 && output.freeCapacity >= Self.batchTokens
    }

    @inline(__always)
    private func encode(_ piece: Piece, into output: inout OutputSpan<TokenID>) {
        if let token = PieceTable.token(of: piece, in: cutter.text) {
            output.append(token)
        } else {
            merge(cutter.text.extracting(piece.start..<piece.end), into: &output)
        }
    }

    private func merge(_ piece: Span<UInt8>, into output: inout OutputSpan<TokenID>) {
        if ShortMerger.encode(piece, into: &output) { return }
        var merger = LongMerger(InitialParts(of: piece))
        merger.merge(into: &output)
    }
}
