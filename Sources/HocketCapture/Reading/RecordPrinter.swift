import HocketEngine
public import NIOCore

/// Prints records: one line each, and one where some are missing.
public struct RecordPrinter: Sendable {
    /// What lines look like.
    public enum Style: Hashable, Sendable {
        /// Aligned columns, for people.
        case columns(isColored: Bool)
        /// One JSON object a line, for programs.
        case json
    }

    private let style: Style
    private let filter: RecordFilter

    /// Creates a printer.
    public init(_ style: Style, filter: RecordFilter) {
        self.style = style
        self.filter = filter
    }

    /// Appends the lines of a record.
    ///
    /// Records that are missing are told whatever the filter says: nobody knows what they were.
    public func print(_ record: FrameRecord, into buffer: inout ByteBuffer) {
        print(dropped: record.droppedBefore, into: &buffer)
        guard filter.admits(record) else { return }
        print(record.columns(isColored:), record.jsonText, into: &buffer)
    }

    /// Appends the lines of a record.
    ///
    /// The same holds for records that are missing.
    public func print(_ record: ToolMessageRecord, into buffer: inout ByteBuffer) {
        print(dropped: record.droppedBefore, into: &buffer)
        guard filter.admits(record) else { return }
        print(record.columns(isColored:), record.jsonText, into: &buffer)
    }

    private func print(
        _ columns: (Bool) -> String,
        _ json: @autoclosure () -> [UInt8],
        into buffer: inout ByteBuffer
    ) {
        switch style {
        case .columns(let isColored): buffer.writeString(columns(isColored))
        case .json: buffer.writeBytes(json())
        }
        buffer.writeStaticString("\n")
    }

    private func print(dropped records: UInt64, into buffer: inout ByteBuffer) {
        guard records > 0 else { return }
        switch style {
        case .columns:
            buffer.writeString("--- dropped \(records) record\(records == 1 ? "" : "s") ---\n")
        case .json: buffer.writeString("{\"dropped\":\(records)}\n")
        }
    }
}

extension TrafficDirection {
    /// Points away from the worker, or to it: the worker's name stands left of it.
    var arrow: String { self == .fromWorker ? "→" : "←" }

    /// The name in JSON.
    var name: String { self == .fromWorker ? "from_worker" : "to_worker" }
}
