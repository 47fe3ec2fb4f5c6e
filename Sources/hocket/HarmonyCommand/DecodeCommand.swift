import ArgumentParser
import Harmony

/// `hocket harmony decode`: tokens to bytes.
struct DecodeCommand: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Turn tokens into bytes and text.",
        discussion: """
            {"tokens": [id, …]} is answered with 'bytes_b64', the bytes in base64, and 'lossy', \
            their text, in which whatever is not UTF-8 is U+FFFD. An id that no token has is an \
            error.
            """
    )

    func answer(_ request: LineRequest) throws(LineError) -> JSONObject {
        let tokens = try request.tokens("tokens")
        let bytes = try LineError.reporting(as: .harmony) { () throws(HarmonyError) in
            try Tokenizer().decode(tokens)
        }
        return [
            "bytes_b64": .string(bytes.base64),
            "lossy": .string(String(decoding: bytes, as: UTF8.self)),
        ]
    }
}

extension [UInt8] {
    /// The bytes in base64 with padding (RFC 4648 §4).
    fileprivate var base64: String {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        let digits = Array((letters + "0123456789+/").utf8)
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        for start in stride(from: 0, to: count, by: 3) {
            let group = self[start..<Swift.min(start + 3, count)]
            var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            bits <<= 8 * UInt32(3 - group.count)
            for position in 0..<4 {
                let isPadding = position > group.count
                let value = Int(bits >> (18 - 6 * UInt32(position)) & 63)
                text.append(isPadding ? UInt8(ascii: "=") : digits[value])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
