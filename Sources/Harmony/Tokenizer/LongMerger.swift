/// Byte-pair encoding of a piece of many parts: keeps the pairs in a heap, ordered by rank.
///
/// The parts are a list linked by indices. A merge removes the right one of two parts; pairs in
/// the heap that a merge has made stale are recognised when they come up. Takes n log n time.
struct LongMerger {
    private struct Part {
        var token: TokenID
        /// The token this part and the next one merge to; a pair with another token is stale.
        var merged = MergeTable.none
        var previous: Int
        var next: Int
    }

    private static let indexBits = UInt64(46)

    private var parts: [Part] = []
    /// Merges to make: merged token << 46 | index of the left part.
    private var pairs = MinimumHeap()

    /// Takes the parts of a piece.
    init(_ initial: consuming InitialParts) {
        while let token = initial.next() {
            parts.append(Part(token: token, previous: parts.count - 1, next: parts.count + 1))
        }
        for index in parts.indices { offerPair(at: index) }
    }

    /// Merges the parts and appends the tokens that are left.
    mutating func merge(into output: inout OutputSpan<TokenID>) {
        while let pair = pairs.popMinimum() {
            let index = Int(pair & (1 << Self.indexBits - 1))
            if parts[index].merged == TokenID(pair >> Self.indexBits) { mergePair(at: index) }
        }
        var index = 0
        while index < parts.count {
            output.append(parts[index].token)
            index = parts[index].next
        }
    }

    private mutating func mergePair(at index: Int) {
        let right = parts[index].next
        let next = parts[right].next
        parts[index].token = parts[index].merged
        parts[index].next = next
        parts[right].merged = MergeTable.none
        if next < parts.count { parts[next].previous = index }
        offerPair(at: index)
        if parts[index].previous >= 0 { offerPair(at: parts[index].previous) }
    }

    /// Works out what a part and the next one merge to, and notes the pair if they do.
    private mutating func offerPair(at index: Int) {
        let next = parts[index].next
        guard next < parts.count else {
            parts[index].merged = MergeTable.none
            return
        }
        let merged = MergeTable.merge(parts[index].token, parts[next].token)
        parts[index].merged = merged
        if merged != MergeTable.none {
            pairs.insert(UInt64(merged) << Self.indexBits | UInt64(index))
        }
    }
}
