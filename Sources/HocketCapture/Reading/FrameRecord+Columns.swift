import Harmony
import HocketEngine
import HocketWire

extension FrameRecord {
    /// The record in aligned columns: time (UTC), worker, direction, type, stream, length,
    /// summary.
    func columns(isColored: Bool) -> String {
        let type = head.typeName.padded(to: 12)
        let stream = head.stream == 0 ? "-" : "s=\(head.stream)"
        let length = "\(head.frameBytes)"
        return [
            UTCTime(nanoseconds: instant.realNanoseconds).clock,
            (worker.isEmpty ? "-" : worker.shownInTerminal).padded(to: 8),
            direction.arrow,
            isColored ? colored(type) : type,
            stream.padded(to: 7),
            String(repeating: " ", count: max(0, 7 - length.count)) + length + " B",
            summary.columns,
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func colored(_ text: String) -> String {
        guard let color = head.type?.color else { return text }
        return "\u{1B}[\(color)m\(text)\u{1B}[0m"
    }
}

extension FrameType {
    /// The number of the terminal's colour for what does not happen in a stream that goes well.
    fileprivate var color: Int? {
        switch self {
        case .streamError, .connectionError: 31
        case .cancel: 33
        case .goAway: 35
        default: nil
        }
    }
}

extension JSONObject {
    fileprivate var columns: String {
        guard !members.isEmpty else { return "" }
        let fields = members.map { "\($0.key.shownInTerminal)=\($0.value.columns)" }
        return " " + fields.joined(separator: " ")
    }
}

extension JSONValue {
    fileprivate var columns: String {
        switch self {
        case .string(let text): text.shownInTerminal
        case .array(let elements): elements.map(\.columns).joined(separator: ",")
        case .object(let object):
            object.members.map { "\($0.key.shownInTerminal):\($0.value.columns)" }
                .joined(separator: ",")
        case .null, .bool, .number: compact
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
