public import Harmony
public import HocketEngine
public import HocketWire

/// One frame as a router shows it: when and where it crossed, its header, and what it says.
public struct FrameRecord: Hashable, Sendable {
    /// When the router sent the frame or took it off the socket.
    public var instant: PeerClock
    /// Which way it went.
    public var direction: TrafficDirection
    /// The name of the worker at the other end; empty until its HELLO.
    public var worker: String
    /// Frames lost between the record before and this one, because they came too fast.
    public var droppedBefore: UInt64
    /// The frame's header.
    public var head: FrameHead
    /// What the frame says, with counts in place of content; see <doc:InspectionFormat>.
    public var summary: JSONObject
    /// As much of the frame's body as the router kept; empty unless it shows content.
    public var body: [UInt8]

    /// Creates a record.
    public init(
        instant: PeerClock,
        direction: TrafficDirection,
        worker: String,
        droppedBefore: UInt64 = 0,
        head: FrameHead,
        summary: JSONObject = [:],
        body: [UInt8] = []
    ) {
        self.instant = instant
        self.direction = direction
        self.worker = worker
        self.droppedBefore = droppedBefore
        self.head = head
        self.summary = summary
        self.body = body
    }
}
