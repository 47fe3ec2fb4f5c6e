/// Sees every message between the router and tool servers.
///
/// The same holds as for frames: a tap never slows the traffic, and is asked whether anybody is
/// watching before any other work is done for it.
public protocol ToolMessageTap: Sendable {
    /// Whether anybody is watching.
    var isActive: Bool { get }

    /// A message went over a conversation with a tool server.
    func toolMessageCrossed(_ message: ToolMessage)
}
