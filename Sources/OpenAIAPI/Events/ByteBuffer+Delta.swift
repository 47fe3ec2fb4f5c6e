import NIOCore

extension ByteBuffer {
    /// The most digits of a sequence number.
    private static let sequenceDigitsMax = 20

    /// Appends one delta event in one pass over its text, without allocating unless the buffer
    /// itself must grow.
    ///
    /// - Parameters:
    ///   - frame: The constant parts of the event.
    ///   - sequence: The event's number, not negative.
    ///   - text: The delta.
    mutating func writeDelta(_ frame: DeltaFrame, sequence: Int, text: Span<UInt8>) {
        let textBytesMax = text.count * JSONEscaping.expansionMax * (frame.repeatsText ? 2 : 1)
        let bytesMax = frame.bytes.count + Self.sequenceDigitsMax + textBytesMax
        unsafe writeWithUnsafeMutableBytes(minimumWritableBytes: bytesMax) { target in
            var cursor = unsafe DeltaCursor(target)
            unsafe frame.bytes.withUnsafeBytes { constant in
                unsafe cursor.copy(constant, 0, frame.sequenceOffset)
                if frame.isNumbered { unsafe cursor.writeDigits(of: sequence) }
                unsafe cursor.copy(constant, frame.sequenceOffset, frame.textOffset)
                unsafe text.withUnsafeBytes { text in unsafe cursor.writeEscaped(text) }
                unsafe cursor.copy(constant, frame.textOffset, frame.repeatOffset)
                guard frame.repeatsText else { return }
                unsafe text.withUnsafeBytes { text in unsafe cursor.writeEscaped(text) }
                unsafe cursor.copy(constant, frame.repeatOffset, constant.count)
            }
            return unsafe cursor.offset
        }
    }
}

/// Where the next byte of an event goes.
///
/// The memory is as large as the event can become, which
/// ``ByteBuffer/writeDelta(_:sequence:text:)`` computes, so no write checks again.
@unsafe
private struct DeltaCursor {
    private let target: UnsafeMutableRawBufferPointer
    private(set) var offset = 0

    init(_ target: UnsafeMutableRawBufferPointer) {
        unsafe self.target = target
    }

    @inline(__always)
    mutating func copy(_ source: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
        guard let base = source.baseAddress, let place = unsafe target.baseAddress else { return }
        unsafe (place + offset).copyMemory(from: base + start, byteCount: end - start)
        unsafe offset += end - start
    }

    @inline(__always)
    mutating func writeEscaped(_ text: UnsafeRawBufferPointer) {
        guard let base = text.baseAddress, let place = unsafe target.baseAddress else { return }
        unsafe offset += JSONEscaping.write(base, count: text.count, to: place + offset)
    }

    @inline(__always)
    mutating func writeDigits(of number: Int) {
        var rest = number
        var digits = 1
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        rest = number
        for position in stride(from: unsafe offset + digits - 1, through: unsafe offset, by: -1) {
            unsafe target[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        unsafe offset += digits
    }
}
