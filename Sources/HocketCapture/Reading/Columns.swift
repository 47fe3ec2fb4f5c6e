import Harmony
import HocketEngine

/// What the lines of all kinds of record have in common.
enum Columns {
    /// The terminal's colours, for what does not happen where all goes well.
    static let red = 31
    static let yellow = 33
    static let magenta = 35

    static func colored(_ text: String, _ color: Int) -> String {
        "\u{1B}[\(color)m\(text)\u{1B}[0m"
    }

    /// A number of bytes, its unit in line with all others.
    static func length(_ bytes: some BinaryInteger) -> String {
        let digits = "\(bytes)"
        return String(repeating: " ", count: max(0, 7 - digits.count)) + digits + " B"
    }
}

extension JSONObject {
    /// The members as fields.
    var columns: String {
        guard !members.isEmpty else { return "" }
        let fields = members.map { "\($0.key.shownInTerminal)=\($0.value.columns)" }
        return " " + fields.joined(separator: " ")
    }
}

extension JSONValue {
    /// The value as a field's.
    var columns: String {
        switch self {
        case .string(let text): text.shownInTerminal
        case .array(let elements): elements.map(\.columns).joined(separator: ",")
        case .object(let object):
            object.members.map { "\($0.key.shownInTerminal):\($0.value.columns)" }
                .joined(separator: ",")
        case .null, .bool, .number: compact
        }
    }
}

extension String {
    /// The text with spaces behind it, so that the next column begins where it should.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
