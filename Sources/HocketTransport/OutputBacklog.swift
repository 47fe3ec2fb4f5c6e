/// How many bytes were written and have not left: what a peer that does not read makes this side
/// keep.
struct OutputBacklog: Hashable {
    /// A connection with more than that is ended.
    let bytesMax: Int
    private(set) var bytes = 0

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Whether so many bytes more are still let through.
    func hasRoom(for more: Int) -> Bool { more <= bytesMax - bytes }

    /// Bytes were written.
    mutating func written(_ count: Int) { bytes += count }

    /// Bytes that were written have left, or never will.
    mutating func left(_ count: Int) {
        precondition(count <= bytes, "\(count) bytes left of \(bytes)")
        bytes -= count
    }
}
