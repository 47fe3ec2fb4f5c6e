import Harmony

/// The properties of objects.
extension TypeReader {
    /// The object whose brace was just read; nil if it has no end.
    mutating func object() -> JSONValue? {
        var properties = JSONObject()
        var required: [JSONValue] = []
        while !cursor.take("}") {
            guard !cursor.rest.isEmpty else { return nil }
            guard let property = property() else {
                // A description of several lines is written as it is, without comment marks.
                _ = cursor.takeLine()
                continue
            }
            properties[property.name] = property.type
            if property.isRequired { required.append(.string(property.name)) }
        }
        return ["type": "object", "properties": .object(properties), "required": .array(required)]
    }

    /// The property that is next; nil if the line has another form.
    ///
    /// What was read of such a line is not read again, so the time is linear in the text.
    private mutating func property() -> (name: String, isRequired: Bool, type: JSONValue)? {
        guard var name = name(), let type = type(), cursor.take(",") else { return nil }
        let isRequired = name.last != "?"
        if !isRequired { name.removeLast() }
        return (String(name), isRequired, type)
    }

    /// Everything up to the colon that ends a name; names may hold colons of their own.
    private mutating func name() -> Substring? {
        let line = cursor.line
        guard let end = line.firstRange(of: ": ") ?? endOfLine(line) else { return nil }
        let name = line[..<end.lowerBound].drop { $0.isWhitespace }
        _ = cursor.take(through: String(line[end]))
        return name.isEmpty ? nil : name
    }

    /// The colon at the end of a line, after which the variants of a union follow.
    private func endOfLine(_ line: Substring) -> Range<Substring.Index>? {
        guard line.last == ":" else { return nil }
        return line.index(before: line.endIndex)..<line.endIndex
    }
}
