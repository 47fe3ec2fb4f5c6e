public import NIOCore

extension ByteBuffer {
    /// Writes the line that ends every stream.
    public mutating func writeStreamEnd() {
        writeStaticString("data: [DONE]\n\n")
    }
}
