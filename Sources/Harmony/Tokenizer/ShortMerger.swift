/// Byte-pair encoding of a piece of few parts: searches all pairs for the lowest rank each time.
///
/// For few parts this is faster than keeping the pairs ordered. The parts stay where they are; the
/// bits of two words tell which of them are left, and which of those merge with the next one.
@safe struct ShortMerger: ~Copyable {
    /// The number of parts there is room for: the bits of a word.
    static var partsMax: Int { 64 }

    private let tokens: UnsafeMutablePointer<TokenID>
    /// For each mergeable part, the token it and the next one merge to.
    private let merges: UnsafeMutablePointer<TokenID>
    /// The parts that have not been merged into the part before them.
    private var alive: UInt64 = 0
    /// The parts that merge with the next one.
    private var mergeable: UInt64 = 0

    private init(_ memory: UnsafeMutablePointer<TokenID>) {
        unsafe tokens = memory
        unsafe merges = memory + Self.partsMax
    }

    /// Appends the tokens of a piece; returns false, having done nothing, if it has too many parts.
    static func encode(_ piece: Span<UInt8>, into output: inout OutputSpan<TokenID>) -> Bool {
        unsafe withUnsafeTemporaryAllocation(of: TokenID.self, capacity: 2 * partsMax) { memory in
            guard let start = memory.baseAddress else { return false }
            var merger = unsafe ShortMerger(start)
            guard merger.load(InitialParts(of: piece)) else { return false }
            while merger.mergeable != 0 { merger.mergeLowest() }
            merger.append(to: &output)
            return true
        }
    }

    /// Takes the parts of a piece; returns false if there are too many of them.
    @inline(__always)
    private mutating func load(_ parts: consuming InitialParts) -> Bool {
        var count = 0
        while let part = parts.next() {
            if count == Self.partsMax { return false }
            unsafe tokens[count] = part
            if count > 0 { unsafe MergeTable.prefetch(tokens[count &- 1], part) }
            count &+= 1
        }
        for right in 1..<max(count, 1) { setMerge(of: right &- 1, with: right) }
        alive = .max &>> UInt64(Self.partsMax &- count)
        return true
    }

    /// Makes the merge of the lowest rank, the leftmost one of several.
    @inline(__always)
    private mutating func mergeLowest() {
        let (left, merged) = lowestMerge()
        let right = next(after: left)
        let next = next(after: right)
        unsafe tokens[left] = merged
        alive ^= 1 &<< UInt64(right)
        mergeable &= ~(1 &<< UInt64(left) | 1 &<< UInt64(right))
        if next < Self.partsMax { setMerge(of: left, with: next) }
        let before = alive & (1 &<< UInt64(left) &- 1)
        if before != 0 { setMerge(of: 63 &- before.leadingZeroBitCount, with: left) }
    }

    @inline(__always)
    private func lowestMerge() -> (left: Int, merged: TokenID) {
        var lowest = MergeTable.none
        var lowestIndex = 0
        var rest = mergeable
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            let merged = unsafe merges[index]
            lowestIndex = merged < lowest ? index : lowestIndex
            lowest = min(merged, lowest)
            rest &= rest &- 1
        }
        return (lowestIndex, lowest)
    }

    /// Works out what two neighbours merge to.
    @inline(__always)
    private mutating func setMerge(of left: Int, with right: Int) {
        let merged = unsafe MergeTable.merge(tokens[left], tokens[right])
        unsafe merges[left] = merged
        let bit: UInt64 = 1 &<< UInt64(left)
        mergeable = merged == MergeTable.none ? mergeable & ~bit : mergeable | bit
    }

    /// The index of the next part that is left, or ``partsMax`` if there is none.
    @inline(__always)
    private func next(after index: Int) -> Int {
        (alive & (.max &<< UInt64(index)) &<< 1).trailingZeroBitCount
    }

    @inline(__always)
    private func append(to output: inout OutputSpan<TokenID>) {
        var rest = alive
        while rest != 0 {
            output.append(unsafe tokens[rest.trailingZeroBitCount])
            rest &= rest &- 1
        }
    }
}
