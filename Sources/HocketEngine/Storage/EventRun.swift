/// Consecutive events of one response's log, each the bytes that its client was sent.
///
/// Numbers count from 0 and have no gaps, as the API demands of `sequence_number`, so a run needs
/// to know only its first. The events lie in one piece: a replay writes ``bytes`` as they are.
public struct EventRun: Hashable, Sendable {
    /// No events.
    public static let empty = EventRun(startingAt: 0)

    /// The number of the first event, or where an empty run would start.
    public let firstSequenceNumber: Int
    /// All events, one behind the other.
    public private(set) var bytes: [UInt8]
    /// Where in ``bytes`` each event ends.
    public private(set) var ends: [Int]

    /// Creates an empty run.
    public init(startingAt firstSequenceNumber: Int) {
        self.firstSequenceNumber = firstSequenceNumber
        bytes = []
        ends = []
    }

    /// Creates a run of what ``bytes`` and ``ends`` once were; nil when they contradict.
    public init?(startingAt firstSequenceNumber: Int, bytes: [UInt8], ends: [Int]) {
        var previous = 0
        for end in ends {
            guard end >= previous else { return nil }
            previous = end
        }
        guard previous == bytes.count else { return nil }
        self.firstSequenceNumber = firstSequenceNumber
        self.bytes = bytes
        self.ends = ends
    }

    /// How many events there are.
    public var count: Int { ends.count }

    /// Whether there are none.
    public var isEmpty: Bool { ends.isEmpty }

    /// The number of the event that comes after these.
    public var nextSequenceNumber: Int { firstSequenceNumber + count }

    /// The bytes of one event.
    ///
    /// - Parameter sequenceNumber: one of this run's.
    public subscript(sequenceNumber: Int) -> ArraySlice<UInt8> {
        let index = sequenceNumber - firstSequenceNumber
        return bytes[start(ofEventAt: index)..<ends[index]]
    }

    /// Adds the next event.
    public mutating func append(_ event: Span<UInt8>) {
        unsafe event.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
    }

    /// Adds the events that follow; where they start must be ``nextSequenceNumber``.
    public mutating func append(_ next: EventRun) {
        precondition(next.firstSequenceNumber == nextSequenceNumber, "a gap in the log")
        let offset = bytes.count
        bytes.append(contentsOf: next.bytes)
        ends.append(contentsOf: next.ends.lazy.map { $0 + offset })
    }

    /// The part that starts at a number.
    ///
    /// - Parameters:
    ///   - sequenceNumber: not before ``firstSequenceNumber``; the part is empty when it is past
    ///     the last event.
    ///   - bytesMax: no event is added any more once there are so many bytes.
    public func part(from sequenceNumber: Int, bytesMax: Int) -> EventRun {
        let first = sequenceNumber - firstSequenceNumber
        precondition(first >= 0, "\(sequenceNumber) is before \(firstSequenceNumber)")
        var part = EventRun(startingAt: sequenceNumber)
        guard first < count, bytesMax > 0 else { return part }
        let start = start(ofEventAt: first)
        let last = ends[first...].firstIndex { $0 - start >= bytesMax } ?? count - 1
        part.bytes = Array(bytes[start..<ends[last]])
        part.ends = ends[first...last].map { $0 - start }
        return part
    }

    private func start(ofEventAt index: Int) -> Int {
        index == 0 ? 0 : ends[index - 1]
    }
}
