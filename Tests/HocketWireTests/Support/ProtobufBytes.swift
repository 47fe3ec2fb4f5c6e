/// Writes protobuf fields by hand, so that tests can say what no encoder would.
struct ProtobufBytes {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func varint(field: UInt64, _ value: UInt64) {
        varint(field << 3)
        varint(value)
    }

    mutating func bytes(field: UInt64, _ content: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    mutating func packed(field: UInt64, _ values: [UInt64]) {
        var content = ProtobufBytes()
        for value in values { content.varint(value) }
        bytes(field: field, content.bytes)
    }

    mutating func packed(field: UInt64, floats: [Float]) {
        bytes(
            field: field,
            floats.flatMap { float in
                (0..<4).map { UInt8(truncatingIfNeeded: float.bitPattern >> ($0 * 8)) }
            }
        )
    }
}

/// The parts of a frame's bytes, cut where its header says.
struct FrameParts {
    let message: [UInt8]
    let tail: [UInt8]

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 16 else { return nil }
        let messageLength = bytes[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 16 + messageLength else { return nil }
        message = Array(bytes[16..<(16 + messageLength)])
        tail = Array(bytes[(16 + messageLength)...])
    }
}
