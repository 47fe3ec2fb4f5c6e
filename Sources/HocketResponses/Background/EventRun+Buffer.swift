import HocketEngine
import NIOCore

extension EventRun {
    /// Adds whole events as they are written for clients; the line that ends a stream is none.
    mutating func append(eventsIn buffer: ByteBuffer) {
        let bytes = buffer.readableBytesUInt8Span
        var start = 0
        for index in bytes.indices.dropFirst() where bytes.isEndOfEvent(index) {
            let event = bytes.extracting(start..<index + 1)
            if event.isNamed { append(event) }
            start = index + 1
        }
    }
}

extension Span<UInt8> {
    /// An event ends with an empty line, and nothing within it is one.
    fileprivate func isEndOfEvent(_ index: Int) -> Bool {
        self[index] == UInt8(ascii: "\n") && self[index - 1] == UInt8(ascii: "\n")
    }

    /// Whether these bytes are an event with a name, `event: …`; `data: [DONE]` has none.
    fileprivate var isNamed: Bool { self[0] == UInt8(ascii: "e") }
}
