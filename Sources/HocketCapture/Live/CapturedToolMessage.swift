import Harmony
import HocketEngine
import HocketWire

/// A message to or from a tool server as it waits for a subscriber.
struct CapturedToolMessage: Hashable, Sendable {
    /// What a message costs beside its text and its names: this structure, and the heads of their
    /// allocations.
    static let overheadBytes = 512

    var instant: PeerClock
    /// Without its text, or with as much of it as is kept.
    var message: ToolMessage
    /// The length of the whole text.
    var messageBytes: Int

    /// The memory that the message holds.
    var memoryBytes: Int {
        Self.overheadBytes + message.server.utf8.count + message.text.capacity
    }

    /// The message as a subscriber sees it.
    func record(droppedBefore: UInt64) -> ToolMessageRecord {
        ToolMessageRecord(
            instant: instant,
            direction: message.direction,
            server: message.server,
            session: message.session,
            droppedBefore: droppedBefore,
            messageBytes: UInt32(clamping: messageBytes),
            summary: message.summary,
            text: message.text
        )
    }
}

extension ToolMessage {
    /// Names, numbers and codes: nothing that a tool was told, or answered.
    fileprivate var summary: JSONObject {
        var summary: JSONObject = ["kind": .string(kind.rawValue)]
        summary["method"] = method.map(JSONValue.string)
        summary["id"] = id.map(JSONValue.string)
        summary["tool"] = tool.map(JSONValue.string)
        summary["code"] = errorCode.map(JSONValue.count)
        summary["req"] = requestID.map(JSONValue.name)
        return summary
    }
}
