import Harmony

/// Members of an object: a key and its value in one call.
extension JSONWriter {
    /// Writes a member whose value `body` writes.
    mutating func member(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
        self.key(key)
        body(&self)
    }

    /// Writes a string, or null.
    mutating func member(_ key: StaticString, _ text: String?) {
        self.key(key)
        guard let text else { return literal("null") }
        string(text)
    }

    /// Writes an integer, or null.
    mutating func member(_ key: StaticString, _ integer: Int?) {
        self.key(key)
        guard let integer else { return literal("null") }
        self.integer(integer)
    }

    /// Writes a boolean, or null.
    mutating func member(_ key: StaticString, _ flag: Bool?) {
        self.key(key)
        guard let flag else { return literal("null") }
        literal(flag ? "true" : "false")
    }

    /// Writes any value; nil is null.
    mutating func member(_ key: StaticString, _ value: JSONValue?) {
        self.key(key)
        self.value(value ?? .null)
    }

    /// Writes a literal such as `null`, `[]` or `0.0`.
    mutating func member(_ key: StaticString, literal text: StaticString) {
        self.key(key)
        literal(text)
    }
}
