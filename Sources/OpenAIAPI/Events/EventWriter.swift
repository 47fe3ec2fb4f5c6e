import NIOCore

/// Writes server-sent events with gap-free sequence numbers, or nothing at all when the answer is
/// not streamed.
///
/// The numbers begin at 0 with each response, and a replay of the response repeats them.
struct EventWriter: Sendable {
    /// Whether anybody reads events.
    let isStreaming: Bool
    /// The number of the next event.
    private(set) var sequence = 0
    private var json = JSONWriter()
    /// The events of the newest item that somebody wrote before, each of them to be left out once.
    private var toldTypes: Set<String> = []

    /// Creates a writer.
    init(isStreaming: Bool) {
        self.isStreaming = isStreaming
    }

    /// Lends what has been written, to be sent and emptied.
    mutating func withOutput<Result>(_ body: (inout ByteBuffer) -> Result) -> Result {
        body(&json.buffer)
    }

    /// Writes an event whose members besides `type` and `sequence_number` `members` writes.
    mutating func event(_ type: StaticString, _ members: (inout JSONWriter) -> Void) {
        guard isStreaming, !isTold(type) else { return }
        json.buffer.writeStaticString("event: ")
        json.buffer.writeStaticString(type)
        json.buffer.writeStaticString("\ndata: ")
        json.begin()
        json.object { json in
            json.member("type", "\(type)")
            json.member("sequence_number", sequence)
            members(&json)
        }
        json.buffer.writeStaticString("\n\n")
        sequence += 1
    }

    /// An event was written before, by another writer: numbers go on behind it, and if it is one of
    /// the newest item's, it is not written again.
    mutating func told(_ type: String) {
        sequence += 1
        switch type {
        case "response.output_item.added": toldTypes = [type]
        case "response.output_item.done": toldTypes = []
        default: toldTypes.insert(type)
        }
    }

    private mutating func isTold(_ type: StaticString) -> Bool {
        !toldTypes.isEmpty && toldTypes.remove("\(type)") != nil
    }

    /// Writes a chunk: an event without a type or a number, whose members `members` writes.
    mutating func chunk(_ members: (inout JSONWriter) -> Void) {
        guard isStreaming else { return }
        json.buffer.writeStaticString("data: ")
        json.begin()
        json.object(members)
        json.buffer.writeStaticString("\n\n")
    }

    /// Writes a delta event.
    mutating func delta(_ frame: DeltaFrame, _ text: Span<UInt8>) {
        guard isStreaming else { return }
        json.buffer.writeDelta(frame, sequence: sequence, text: text)
        sequence += 1
    }

    /// Writes the line that ends every stream.
    mutating func done() {
        guard isStreaming else { return }
        json.buffer.writeStreamEnd()
    }
}
