internal import CHarmonyVocabulary

/// The merges: which two adjacent tokens become which one.
///
/// The id of the merged token is also the rank of the merge; lower ranks merge first. A pair is in
/// one of the two slots of one of two buckets, so a lookup loads two cache lines at once and has
/// no branch for the processor to mispredict. Pairs of ASCII characters have a small table.
enum MergeTable {
    private static var idBits: UInt64 { 18 }
    private static var bucketBits: UInt64 { 17 }
    private static var bucketSlots: UInt64 { 2 }
    private static var nearIDBits: TokenID { 7 }

    /// What stands for the merge of two tokens that do not merge; it is above every id.
    static var none: TokenID { .max }

    /// The token that two adjacent tokens merge to, or ``none``.
    @inline(__always)
    static func merge(_ left: TokenID, _ right: TokenID) -> TokenID {
        if isNear(left, right) {
            // 0, the token of an ASCII character, is what nothing merges to.
            let merged = unsafe charmonyNearMerges()[Int(left &<< nearIDBits | right)]
            return merged == 0 ? none : merged
        }
        let pair = Pair(left, right)
        return unsafe min(pair.merge(inBucket: pair.first), pair.merge(inBucket: pair.second))
    }

    /// Asks for the memory that ``merge(_:_:)`` is going to look at.
    @inline(__always)
    static func prefetch(_ left: TokenID, _ right: TokenID) {
        if isNear(left, right) { return }
        let pair = Pair(left, right)
        unsafe charmonyPrefetch(pair.first)
        unsafe charmonyPrefetch(pair.second)
    }

    /// Whether the merge is in the small table of those of ASCII characters.
    @inline(__always)
    private static func isNear(_ left: TokenID, _ right: TokenID) -> Bool {
        (left | right) &>> nearIDBits == 0
    }

    /// Two tokens and where in the large table they can be.
    @safe private struct Pair {
        private let key: UInt64
        let first: UnsafePointer<UInt64>
        let second: UnsafePointer<UInt64>

        @inline(__always)
        init(_ left: TokenID, _ right: TokenID) {
            key = UInt64(left) &<< idBits | UInt64(right)
            let hash = key &* 0x9E37_79B9_7F4A_7C15
            let firstBucket = hash &>> (64 &- bucketBits)
            let secondBucket = hash &>> (64 &- 2 &* bucketBits) & (1 &<< bucketBits &- 1)
            unsafe first = charmonyMergeSlots() + Int(firstBucket &* bucketSlots)
            unsafe second = charmonyMergeSlots() + Int(secondBucket &* bucketSlots)
        }

        @inline(__always)
        func merge(inBucket bucket: UnsafePointer<UInt64>) -> TokenID {
            unsafe min(merge(inSlot: bucket[0]), merge(inSlot: bucket[1]))
        }

        @inline(__always)
        private func merge(inSlot slot: UInt64) -> TokenID {
            slot &>> idBits == key ? TokenID(truncatingIfNeeded: slot & 0x3_FFFF) : none
        }
    }
}
