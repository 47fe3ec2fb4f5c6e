/// Byte-pair encoding of a piece of few parts: looks for the lowest rank among all pairs each time.
///
/// For few parts this is faster than keeping the pairs ordered, and it needs no allocation.
struct ShortMerger: ~Copyable {
    /// The number of parts there is room for.
    static var partsMax: Int { 64 }

    private var count = 0
    private var tokens = InlineArray<64, TokenID>(repeating: 0)
    /// For each part but the last one, the token it and the next part merge to.
    private var merges = InlineArray<64, TokenID>(repeating: MergeTable.none)

    /// Takes the parts of a piece; returns false if there are too many of them.
    mutating func load(_ parts: consuming InitialParts) -> Bool {
        count = 0
        while let part = parts.next() {
            if count == Self.partsMax { return false }
            tokens[count] = part
            if count > 0 { merges[count - 1] = MergeTable.merge(tokens[count - 1], part) }
            count += 1
        }
        return true
    }

    /// Merges the parts and appends the tokens that are left.
    mutating func merge(into output: inout [TokenID]) {
        while let index = lowestMerge() { mergePair(at: index) }
        for index in 0..<count { output.append(tokens[index]) }
    }

    /// The index of the pair to merge next, the leftmost one of the lowest rank.
    private func lowestMerge() -> Int? {
        var lowest = MergeTable.none
        var lowestIndex: Int?
        for index in 0..<max(count - 1, 0) where merges[index] < lowest {
            lowest = merges[index]
            lowestIndex = index
        }
        return lowestIndex
    }

    private mutating func mergePair(at index: Int) {
        tokens[index] = merges[index]
        count -= 1
        for following in index + 1..<max(count, index + 1) {
            tokens[following] = tokens[following + 1]
            merges[following - 1] = merges[following]
        }
        if index > 0 { merges[index - 1] = MergeTable.merge(tokens[index - 1], tokens[index]) }
        if index + 1 < count { merges[index] = MergeTable.merge(tokens[index], tokens[index + 1]) }
    }
}
