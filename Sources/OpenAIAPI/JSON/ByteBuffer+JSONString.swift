import NIOCore

extension ByteBuffer {
    /// How much text is escaped at a time, so that a long text does not reserve six times its
    /// size.
    private static let escapedChunkBytesMax = 4096

    /// Appends UTF-8 text as the inside of a JSON string, without the quotes.
    mutating func writeJSONEscaped(_ utf8: Span<UInt8>) {
        unsafe utf8.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            var offset = 0
            while offset < source.count {
                let count = min(source.count - offset, Self.escapedChunkBytesMax)
                unsafe writeJSONEscaped(base + offset, count: count)
                offset += count
            }
        }
    }

    private mutating func writeJSONEscaped(_ source: UnsafeRawPointer, count: Int) {
        let bytesMax = count * JSONEscaping.expansionMax
        unsafe writeWithUnsafeMutableBytes(minimumWritableBytes: bytesMax) { target in
            guard let base = target.baseAddress else { return 0 }
            return unsafe JSONEscaping.write(source, count: count, to: base)
        }
    }
}
