extension Span<UInt8> {
    /// The byte at an index the caller knows to be within bounds; only debug builds check it.
    @inline(__always)
    func byte(at index: Int) -> UInt8 {
        assert(index >= 0 && index < count)
        return unsafe self[unchecked: index]
    }
}
