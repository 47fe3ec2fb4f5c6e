internal import CHarmonyVocabulary

/// The merges: which two adjacent tokens become which one.
///
/// The id of the merged token is also the rank of the merge; lower ranks merge first. The slots
/// are ordered by the mixed pair of tokens, so a probe stops as soon as it meets a greater one.
enum MergeTable {
    private static var idBits: UInt64 { 18 }
    private static var keyBits: UInt64 { 36 }
    private static var multiplier: UInt64 { 0x9_E377_9B97 }

    /// What stands for the merge of two tokens that do not merge; it is above every id.
    static var none: TokenID { .max }

    /// The token that two adjacent tokens merge to, or ``none``.
    @inline(__always)
    static func merge(_ left: TokenID, _ right: TokenID) -> TokenID {
        let key = UInt64(left) &<< idBits | UInt64(right)
        let mixed = key &* multiplier & (1 &<< keyBits &- 1)
        let slots = unsafe charmonyMergeSlots()
        var index = Int(truncatingIfNeeded: mixed &>> idBits)
        while unsafe slots[index] < mixed &<< idBits { index &+= 1 }
        let slot = unsafe slots[index]
        return slot &>> idBits == mixed ? TokenID(truncatingIfNeeded: slot & 0x3_FFFF) : none
    }
}
