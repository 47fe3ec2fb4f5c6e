/// What may stand in the head of an HTTP request (RFC 9110 §5).
enum HeaderValue {
    /// Whether a text is the name of a field.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    /// Whether a text can stand as a value as it is: one line, without surrounding space.
    static func isValue(_ text: String) -> Bool {
        let isLine = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
        return isLine && !isPadded(text)
    }

    /// A text as a value, in base64 where it cannot stand as it is (2026-07-28, Streamable HTTP:
    /// Value Encoding).
    static func encoded(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !isPadded(text)
        let looksEncoded = text.hasPrefix("=?base64?") && text.hasSuffix("?=")
        guard !isPlain || looksEncoded else { return text }
        return "=?base64?\(base64(Array(text.utf8)))?="
    }

    private static func isPadded(_ text: String) -> Bool {
        let space: [UInt8?] = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        return space.contains(text.utf8.first) || space.contains(text.utf8.last)
    }

    /// `tchar` of RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// Base64 (RFC 4648 §4).
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                let isPadding = place > group.count
                text.append(isPadding ? "=" : alphabet[bits >> (18 - 6 * place) & 63])
            }
        }
        return text
    }
}
