public import HocketWire

/// What one side of a connection says of itself, whichever connection it is.
public struct ProcessIdentity: Sendable {
    /// Sixteen random bytes, new with every start of the process.
    public var instanceID: InstanceID
    /// What operators call this process.
    public var name: String
    /// The software and its version.
    public var build: String
    /// Reads this machine's clocks.
    public var clock: @Sendable () -> PeerClock

    /// Creates an identity.
    public init(
        instanceID: InstanceID,
        name: String,
        build: String,
        clock: @escaping @Sendable () -> PeerClock
    ) {
        self.instanceID = instanceID
        self.name = name
        self.build = build
        self.clock = clock
    }
}
