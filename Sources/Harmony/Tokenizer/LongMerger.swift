/// Byte-pair encoding of a piece of many parts: keeps the pairs in a heap, ordered by rank.
///
/// The parts are a list linked by indices. A merge removes the right one of two parts; pairs in
/// the heap that a merge has made stale are recognised when they come up. Takes n log n time.
struct LongMerger {
    private struct Part {
        var token: TokenID
        var previous: Int32
        var next: Int32
        /// The token this part and the next one merge to; what tells a stale pair.
        var merged = MergeTable.none
    }

    private var parts: [Part] = []
    private var pairs = MinimumHeap()

    /// Takes the parts of a piece.
    init(_ initial: consuming InitialParts) {
        while let token = initial.next() {
            let index = Int32(parts.count)
            parts.append(Part(token: token, previous: index - 1, next: index + 1))
        }
        for index in parts.indices.dropLast() { offerPair(at: Int32(index)) }
    }

    /// Merges the parts and appends the tokens that are left.
    mutating func merge(into output: inout OutputSpan<TokenID>) {
        while let pair = pairs.popMinimum() {
            let index = Int32(truncatingIfNeeded: pair & 0xFFFF_FFFF)
            if parts[Int(index)].merged == TokenID(pair >> 32) { mergePair(at: index) }
        }
        var index = 0
        while index < parts.count {
            output.append(parts[index].token)
            index = Int(parts[index].next)
        }
    }

    private mutating func mergePair(at index: Int32) {
        let right = parts[Int(index)].next
        let next = parts[Int(right)].next
        parts[Int(right)].merged = MergeTable.none
        parts[Int(index)].token = parts[Int(index)].merged
        parts[Int(index)].next = next
        if Int(next) < parts.count { parts[Int(next)].previous = index }
        offerPair(at: index)
        let previous = parts[Int(index)].previous
        if previous >= 0 { offerPair(at: previous) }
    }

    /// Works out what a part and the next one merge to, and notes the pair if they do.
    private mutating func offerPair(at index: Int32) {
        let next = Int(parts[Int(index)].next)
        let merged =
            next < parts.count
            ? MergeTable.merge(parts[Int(index)].token, parts[next].token) : MergeTable.none
        parts[Int(index)].merged = merged
        if merged != MergeTable.none { pairs.insert(UInt64(merged) << 32 | UInt64(index)) }
    }
}
