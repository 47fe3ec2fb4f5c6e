import Harmony
import HocketWire

extension JSONValue {
    /// A number of things.
    static func count(_ value: some BinaryInteger) -> JSONValue { .number(JSONNumber(value)) }

    /// A number that need not be whole; null for what JSON cannot spell.
    static func quantity(_ value: Float) -> JSONValue {
        // A Float's own spelling is the short one; as a Double 0.7 would become 0.699999988.
        JSONNumber(text: "\(value)").map(JSONValue.number) ?? .null
    }

    /// The name of an enumeration's case.
    static func name(_ value: some Any) -> JSONValue { .string("\(value)") }
}

extension JSONObject {
    /// Adds what went wrong, as far as it may be shown.
    mutating func add(_ status: Status, _ showsContent: Bool) {
        self["status"] = .name(status.code)
        if !status.parameter.isEmpty { self["parameter"] = .string(status.parameter) }
        if status.isRetryable { self["retryable"] = true }
        add(text: status.message, as: "message", showsContent)
    }

    /// Adds a sentence that someone wrote, or its length where content is not shown.
    mutating func add(text: String, as name: String, _ showsContent: Bool) {
        guard !text.isEmpty else { return }
        if showsContent {
            self[name] = .string(String(text.prefix(utf8BytesMax: textBytesMax)))
        } else {
            self["\(name)_bytes"] = .count(text.utf8.count)
        }
    }
}

/// The longest text in a summary; a longer one is cut.
private let textBytesMax = 512
