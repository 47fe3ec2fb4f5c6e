extension Span<UInt8> {
    /// How many of these bytes, which are whole server-sent events, one write takes: as many
    /// events as fit into `bytesMax`, and at least one.
    ///
    /// An event ends with an empty line, and nothing within it is one.
    func wholeEvents(bytesMax: Int) -> Int {
        guard count > bytesMax else { return count }
        var end = bytesMax
        while end > 0, !isEndOfEvent(end) { end -= 1 }
        guard end == 0 else { return end }
        end = bytesMax + 1
        while end < count, !isEndOfEvent(end) { end += 1 }
        return end
    }

    private func isEndOfEvent(_ end: Int) -> Bool {
        end >= 2 && self[end - 1] == 0x0A && self[end - 2] == 0x0A
    }
}
