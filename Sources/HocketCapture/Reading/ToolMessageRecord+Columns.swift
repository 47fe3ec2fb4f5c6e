import Harmony
import HocketEngine
import HocketWire

extension ToolMessageRecord {
    /// The record in the columns of frames: the server in the place of the worker, the number of
    /// its conversation in that of the stream.
    func columns(isColored: Bool) -> String {
        let type = RecordFilter.toolMessageType.padded(to: 12)
        let isError = summary["kind"]?.string == ToolMessage.Kind.error.rawValue
        return [
            UTCTime(nanoseconds: instant.realNanoseconds).clock,
            server.shownInTerminal.padded(to: 8),
            direction == .fromServer ? "→" : "←",
            isColored && isError ? Columns.colored(type, Columns.red) : type,
            "m=\(session)".padded(to: 7),
            Columns.length(messageBytes),
            summary.columns,
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
