import Harmony

/// The secrets that a server was given, to be found again in what it says.
///
/// A server that repeats its credentials, on purpose or in an error's text, would put them into
/// items, the store and the log, and would show the operator's to callers. They are recognised as
/// they were sent, in whole, not in any encoding or in pieces.
struct KnownSecrets: Sendable {
    /// What stands in a secret's place.
    static let mask = "(redacted)"
    /// Anything shorter is no secret, and might be part of ordinary words.
    static let bytesMin = 8

    /// The longest first, so that none is taken for the one that it begins with.
    private let secrets: [[UInt8]]
    private let begins: Set<UInt8>

    init(_ texts: some Sequence<String>) {
        let secrets = Set(texts.map { Array($0.utf8) }.filter { $0.count >= Self.bytesMin })
        self.secrets = secrets.sorted { $0.count > $1.count }
        begins = Set(self.secrets.compactMap(\.first))
    }

    /// A text with its secrets masked.
    func masked(_ text: String) -> String {
        guard !secrets.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var shown: [UInt8] = []
        var position = 0
        var shownUpTo = 0
        while position < bytes.count {
            guard let length = secretLength(at: position, of: bytes) else {
                position += 1
                continue
            }
            shown += bytes[shownUpTo..<position]
            shown += Self.mask.utf8
            position += length
            shownUpTo = position
        }
        guard shownUpTo > 0 else { return text }
        return String(decoding: shown + bytes[shownUpTo...], as: UTF8.self)
    }

    /// A value with the secrets in its strings masked; keys stay as they are.
    func masked(_ value: JSONValue) -> JSONValue {
        guard !secrets.isEmpty else { return value }
        return switch value {
        case .string(let text): .string(masked(text))
        case .array(let elements): .array(elements.map(masked))
        case .object(let object): .object(object.mapValues(masked))
        case .null, .bool, .number: value
        }
    }

    private func secretLength(at position: Int, of bytes: [UInt8]) -> Int? {
        guard begins.contains(bytes[position]) else { return nil }
        return secrets.first { bytes[position...].starts(with: $0) }?.count
    }
}
