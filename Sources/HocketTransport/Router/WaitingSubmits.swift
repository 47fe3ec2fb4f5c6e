import HocketEngine
import HocketWire
import NIOCore

/// Samplings that wait for room in their worker's byte window, the oldest first.
struct WaitingSubmits {
    /// One that waits.
    struct Entry {
        let request: GenerationRequest
        let stream: GenerationStream
        /// When it began to.
        let since: NIODeadline
    }

    private var entries: [Entry] = []
    private var bytes = 0

    var isEmpty: Bool { entries.isEmpty }

    /// Puts a sampling last.
    ///
    /// - Parameter bytesMax: what all together may have.
    /// - Returns: whether there was room for it.
    mutating func append(_ entry: Entry, bytesMax: Int) -> Bool {
        let size = Self.bytes(of: entry.request)
        guard size <= bytesMax - bytes else { return false }
        bytes += size
        entries.append(entry)
        return true
    }

    /// Takes the oldest out.
    mutating func popFirst() -> Entry? {
        guard !entries.isEmpty else { return nil }
        let entry = entries.removeFirst()
        bytes -= Self.bytes(of: entry.request)
        return entry
    }

    /// Puts the one back that was taken out last.
    mutating func putBack(_ entry: Entry) {
        bytes += Self.bytes(of: entry.request)
        entries.insert(entry, at: 0)
    }

    /// Takes a stream out.
    ///
    /// - Returns: whether it waited.
    mutating func remove(_ stream: GenerationStream) -> Bool {
        !removeAll { $0.stream === stream }.isEmpty
    }

    /// Takes those out whose time is over.
    mutating func removeExpired(now: NIODeadline) -> [GenerationStream] {
        removeAll { entry in entry.request.deadline.map { $0 <= now } ?? false }
    }

    /// Takes those out that have waited so long.
    mutating func removeLate(_ timeout: TimeAmount, now: NIODeadline) -> [GenerationStream] {
        removeAll { now - $0.since >= timeout }
    }

    /// Takes those out of which something holds, the oldest first.
    mutating func removeAll(where isMeant: (Entry) -> Bool = { _ in true }) -> [GenerationStream] {
        let meant = entries.filter(isMeant)
        guard !meant.isEmpty else { return [] }
        entries.removeAll(where: isMeant)
        bytes -= meant.reduce(0) { $0 + Self.bytes(of: $1.request) }
        return meant.map(\.stream)
    }

    /// Somewhat less than a SUBMIT has: its header and its prompt.
    static func bytes(of request: GenerationRequest) -> Int {
        FrameHeader.byteCount + MemoryLayout<UInt32>.size * request.prompt.count
    }
}
