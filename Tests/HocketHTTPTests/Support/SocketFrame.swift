/// A frame of a WebSocket (RFC 6455 §5.2).
struct SocketFrame: Hashable, Sendable {
    var opcode: UInt8
    var payload: [UInt8] = []
    var isLast = true

    static func text(_ text: String, isLast: Bool = true) -> SocketFrame {
        SocketFrame(opcode: 1, payload: Array(text.utf8), isLast: isLast)
    }

    static func continuation(_ text: String, isLast: Bool = true) -> SocketFrame {
        SocketFrame(opcode: 0, payload: Array(text.utf8), isLast: isLast)
    }

    static func closing(_ code: UInt16) -> SocketFrame {
        SocketFrame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)])
    }

    var text: String { String(decoding: payload, as: UTF8.self) }

    /// As a client sends it.
    var masked: [UInt8] {
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return head(mask: 0x80) + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    /// As only a server may send it.
    var unmasked: [UInt8] { head(mask: 0) + payload }

    private func head(mask: UInt8) -> [UInt8] {
        let first = opcode | (isLast ? 0x80 : 0)
        let count = payload.count
        switch count {
        case ...125: return [first, mask | UInt8(count)]
        case ...0xFFFF: return [first, mask | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        default:
            return [first, mask | 127] + (0..<8).map { UInt8(count >> (56 - 8 * $0) & 0xFF) }
        }
    }

    /// Reads a frame of a server from the front of `bytes`.
    ///
    /// - Returns: the frame and its length, nil if it is not all there.
    static func parse(_ bytes: [UInt8]) throws -> (SocketFrame, Int)? {
        guard bytes.count >= 2 else { return nil }
        guard bytes[0] & 0x70 == 0, bytes[1] & 0x80 == 0 else {
            throw WireResponse.Malformed(what: "frame \(bytes.prefix(2))")
        }
        let lengthBytes = [126: 2, 127: 8][Int(bytes[1])] ?? 0
        let start = 2 + lengthBytes
        guard bytes.count >= start else { return nil }
        let count =
            lengthBytes == 0 ? Int(bytes[1]) : bytes[2..<start].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= start + count else { return nil }
        let payload = Array(bytes[start..<start + count])
        let frame = SocketFrame(
            opcode: bytes[0] & 0xF,
            payload: payload,
            isLast: bytes[0] & 0x80 != 0
        )
        return (frame, start + count)
    }
}
