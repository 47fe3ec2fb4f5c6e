import HocketEngine
import Synchronization

/// A tap that keeps every message it sees, while somebody watches.
final class RecordingTap: ToolMessageTap {
    private let watched: Bool
    private let recorder = Recorder<ToolMessage>()

    init(isWatched: Bool = true) {
        watched = isWatched
    }

    var isActive: Bool { watched }
    var messages: [ToolMessage] { recorder.values }

    /// Each message as an arrow, its kind, its id and the method that it is about.
    var lines: [String] {
        messages.map { message in
            let arrow = message.direction == .toServer ? ">" : "<"
            return [arrow, message.kind.rawValue, message.id ?? "-", message.method ?? "-"]
                .joined(separator: " ")
        }
    }

    func toolMessageCrossed(_ message: ToolMessage) {
        recorder.record(message)
    }
}
