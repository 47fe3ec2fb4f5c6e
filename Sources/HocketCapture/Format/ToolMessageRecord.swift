public import Harmony
public import HocketEngine
public import HocketWire

/// One message to or from a tool server as a router shows it: when it went, and what it says.
public struct ToolMessageRecord: Hashable, Sendable {
    /// When the router sent the message or read it.
    public var instant: PeerClock
    /// Which way it went.
    public var direction: ToolMessage.Direction
    /// The server's label, or its URL without what may be secret.
    public var server: String
    /// The number of the conversation in the router's process.
    public var session: UInt32
    /// Records lost between the one before and this one, because they came too fast.
    public var droppedBefore: UInt64
    /// The length of the message as JSON, long strings shortened.
    public var messageBytes: UInt32
    /// What the message says, without its content; see <doc:InspectionFormat>.
    public var summary: JSONObject
    /// As much of the message as the router kept; empty unless it shows content.
    public var text: [UInt8]

    /// Creates a record.
    public init(
        instant: PeerClock,
        direction: ToolMessage.Direction,
        server: String,
        session: UInt32,
        droppedBefore: UInt64 = 0,
        messageBytes: UInt32,
        summary: JSONObject = [:],
        text: [UInt8] = []
    ) {
        self.instant = instant
        self.direction = direction
        self.server = server
        self.session = session
        self.droppedBefore = droppedBefore
        self.messageBytes = messageBytes
        self.summary = summary
        self.text = text
    }
}
