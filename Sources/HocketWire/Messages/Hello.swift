import CHocketWire

/// HELLO, the first frame of each side: who it is, what it can do, what it accepts.
public struct Hello: Hashable, Sendable {
    /// A number for the schema that this library was built from.
    ///
    /// See `schemaFingerprint`.
    public static let schemaFingerprint: UInt64 = HOCKET_V1_SCHEMA_FINGERPRINT

    /// Which end the sender is; nil when it does not say.
    public var role: Role?
    /// The lowest minor version that the sender speaks.
    public var minorMin: UInt8
    /// The highest minor version that the sender speaks.
    public var minorMax: UInt8
    /// This start of the sender's process.
    public var instanceID: InstanceID
    /// What operators call the sender.
    public var name: String
    /// Of two processes with one name, the higher generation takes the new streams.
    public var generation: UInt64
    /// The software that speaks the protocol.
    public var build: String
    /// The engine behind it; empty for a router.
    public var engine: String
    /// What the sender can do.
    public var capabilities: Capabilities
    /// What the sender accepts.
    public var limits: PeerLimits
    /// What the worker serves, its default first; empty for a router.
    public var models: [ModelInfo]
    /// What token ids mean to the sender.
    public var vocabulary: VocabularyIdentity
    /// The schema that the sender was built from.
    ///
    /// A difference is worth a log line, no more.
    public var schemaFingerprint: UInt64
    /// The sender's clocks.
    public var clock: PeerClock

    /// Creates a HELLO.
    public init(
        role: Role,
        minorMin: UInt8 = 0,
        minorMax: UInt8 = Preface.current.minor,
        instanceID: InstanceID,
        name: String,
        generation: UInt64 = 0,
        build: String,
        engine: String = "",
        capabilities: Capabilities = [],
        limits: PeerLimits = PeerLimits(),
        models: [ModelInfo] = [],
        vocabulary: VocabularyIdentity = .o200kHarmony,
        schemaFingerprint: UInt64 = Hello.schemaFingerprint,
        clock: PeerClock
    ) {
        self.role = role
        self.minorMin = minorMin
        self.minorMax = minorMax
        self.instanceID = instanceID
        self.name = name
        self.generation = generation
        self.build = build
        self.engine = engine
        self.capabilities = capabilities
        self.limits = limits
        self.models = models
        self.vocabulary = vocabulary
        self.schemaFingerprint = schemaFingerprint
        self.clock = clock
    }
}
