import Harmony
import NIOCore

/// Appends JSON to a byte buffer, member by member, without building a value first.
///
/// Commas are its business: one flag suffices, since an opened array or object needs none before
/// its first element, and everything else does.
struct JSONWriter {
    /// What has been written.
    var buffer: ByteBuffer
    private var needsComma = false

    /// Creates a writer that appends to `buffer`.
    init(appendingTo buffer: ByteBuffer = ByteBuffer()) {
        self.buffer = buffer
    }

    /// Starts a new text after bytes that are not JSON.
    mutating func begin() {
        needsComma = false
    }

    /// Writes an object whose members `body` writes.
    mutating func object(_ body: (inout JSONWriter) -> Void) {
        open("{")
        body(&self)
        close("}")
    }

    /// Writes an array whose elements `body` writes.
    mutating func array(_ body: (inout JSONWriter) -> Void) {
        open("[")
        body(&self)
        close("]")
    }

    /// Writes an array of the elements that `body` writes one by one.
    mutating func array<Element>(
        of elements: some Sequence<Element>,
        _ body: (Element, inout JSONWriter) -> Void
    ) {
        array { json in
            for element in elements { body(element, &json) }
        }
    }

    /// Writes a string.
    mutating func string(_ text: String) {
        separate()
        buffer.writeStaticString("\"")
        buffer.writeJSONEscaped(text.utf8.span)
        buffer.writeStaticString("\"")
    }

    /// Writes an integer.
    mutating func integer(_ value: Int) {
        separate()
        buffer.writeString(String(value))
    }

    /// Writes `true`, `false`, `null`, `[]` or another literal.
    mutating func literal(_ text: StaticString) {
        separate()
        buffer.writeStaticString(text)
    }

    /// Writes any value, compactly.
    mutating func value(_ value: JSONValue) {
        separate()
        var bytes: [UInt8] = []
        value.write(into: &bytes)
        buffer.writeBytes(bytes)
    }

    /// Copies members or elements that were rendered before, without a comma at either end.
    mutating func rendered(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        separate()
        buffer.writeImmutableBuffer(bytes)
    }

    /// Writes the key of a member; its value must follow.
    mutating func key(_ key: StaticString) {
        separate()
        buffer.writeStaticString("\"")
        buffer.writeStaticString(key)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    private mutating func open(_ bracket: StaticString) {
        separate()
        buffer.writeStaticString(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: StaticString) {
        buffer.writeStaticString(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeStaticString(",") }
        needsComma = true
    }
}
