extension Content {
    /// Reads the content of a message: a string, or an array of parts.
    static func list(field name: String, of fields: JSONFields) throws(ShapeError) -> [Content] {
        let value = try fields.required(name)
        return try reading(name) { () throws(ShapeError) in
            switch value {
            case .string(let text): return [.text(text)]
            case .array: return try value.expectArray(of: Content.init(shape:))
            default: throw value.isNot("a string or an array of content")
            }
        }
    }

    private init(shape json: JSONValue) throws(ShapeError) {
        let fields = try JSONFields(json)
        switch try fields.requiredString("type") {
        case "text": self = .text(try fields.requiredString("text"))
        case "system_content": self = .system(try SystemContent(fields))
        case "developer_content": self = .developer(try DeveloperContent(fields))
        case let other: throw ShapeError(path: "type", problem: "'\(other)' is not known")
        }
    }

    /// This part in the JSON form of the reference.
    ///
    /// Response formats, which that form lacks, become a text part of their own.
    var json: [JSONValue] {
        switch self {
        case .text(let text): [["type": "text", "text": .string(text)]]
        case .system(let content): [content.json]
        case .developer(let content): content.json
        }
    }
}
