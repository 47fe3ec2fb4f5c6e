public import HocketWire
public import NIOCore

/// A worker's place in the directory while it is attached; never used twice in a process.
public struct WorkerID: RawRepresentable, Hashable, Sendable, Comparable,
    CustomStringConvertible
{
    /// The number, counted from 1 in order of arrival.
    public let rawValue: UInt64

    /// Creates an id from its number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// The id as it appears in logs: `w1`.
    public var description: String { "w\(rawValue)" }

    /// Whether one worker came before another.
    public static func < (left: WorkerID, right: WorkerID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What a worker said of itself in HELLO, as far as the directory needs it, and when.
public struct WorkerRegistration: Hashable, Sendable {
    /// The worker's name: what a replacement of it carries too.
    public var name: String
    /// Names one start of its process; the same when that dials again.
    public var instanceID: InstanceID
    /// Counts the replacements of one name; the higher one wins.
    public var generation: UInt64
    /// The models it serves.
    public var models: [ModelDescription]
    /// The most streams it takes at a time.
    public var streamsMax: Int
    /// What was agreed that it can do beyond plain generation.
    public var capabilities: Capabilities
    /// When it said so.
    public var receivedAt: NIODeadline

    /// Creates a registration.
    public init(
        name: String,
        instanceID: InstanceID,
        generation: UInt64,
        models: [ModelDescription],
        streamsMax: Int,
        capabilities: Capabilities = [],
        receivedAt: NIODeadline
    ) {
        precondition(streamsMax > 0, "a worker takes at least one stream")
        self.name = name
        self.instanceID = instanceID
        self.generation = generation
        self.models = models
        self.streamsMax = streamsMax
        self.capabilities = capabilities
        self.receivedAt = receivedAt
    }
}
