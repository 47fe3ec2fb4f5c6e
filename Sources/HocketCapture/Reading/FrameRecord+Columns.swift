import Harmony
import HocketEngine
import HocketWire

extension FrameRecord {
    /// The record in aligned columns: time (UTC), worker, direction, type, stream, length,
    /// summary.
    func columns(isColored: Bool) -> String {
        let type = head.typeName.padded(to: 12)
        let stream = head.stream == 0 ? "-" : "s=\(head.stream)"
        return [
            UTCTime(nanoseconds: instant.realNanoseconds).clock,
            (worker.isEmpty ? "-" : worker.shownInTerminal).padded(to: 8),
            direction.arrow,
            isColored ? colored(type) : type,
            stream.padded(to: 7),
            Columns.length(head.frameBytes),
            summary.columns,
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func colored(_ text: String) -> String {
        head.type?.color.map { Columns.colored(text, $0) } ?? text
    }
}

extension FrameType {
    /// The number of the terminal's colour for what does not happen in a stream that goes well.
    fileprivate var color: Int? {
        switch self {
        case .streamError, .connectionError: Columns.red
        case .cancel: Columns.yellow
        case .goAway: Columns.magenta
        default: nil
        }
    }
}
