/// JSON schemas as the TypeScript types that models know them by (<doc:Format>).
///
/// The models were trained on what the reference writes, so its limits are kept: references,
/// `anyOf`, `allOf` and `const` are `any`, and comments are not broken into lines.
enum TypeScript {
    /// The type that a schema describes.
    ///
    /// - Parameters:
    ///   - schema: The schema.
    ///   - indent: What stands before every line but the first.
    static func type(of schema: JSONValue, indent: String = "") -> String {
        if let variants = schema["oneOf"]?.array { return union(of: variants, indent: indent) }
        if let names = schema["type"]?.array, let type = type(named: names) { return type }
        switch schema["type"]?.string {
        case "object": return object(schema, indent: indent)
        case "string": return string(schema)
        case "number", "integer": return "number"
        case "boolean": return "boolean"
        case "array":
            guard let items = schema["items"] else { return "Array<any>" }
            return type(of: items, indent: indent) + "[]"
        default: return "any"
        }
    }

    private static func type(named names: [JSONValue]) -> String? {
        let types = names.compactMap(\.string).map { $0 == "integer" ? "number" : $0 }
        return types.isEmpty ? nil : types.joined(separator: " | ")
    }

    private static func string(_ schema: JSONValue) -> String {
        let values = (schema["enum"]?.array ?? []).compactMap(\.string)
        return values.isEmpty ? "string" : values.map { "\"\($0)\"" }.joined(separator: " | ")
    }

    private static func union(of variants: [JSONValue], indent: String) -> String {
        variants.map { variant in
            let remarks = [variant["description"]?.string, defaultRemark(of: variant)]
            return "\n" + self.variant(variant, indent: indent) + comment(remarks)
        }.joined()
    }

    /// One variant of a union: a bar and its type.
    static func variant(_ schema: JSONValue, indent: String) -> String {
        "\(indent) | " + nullable(schema, type(of: schema, indent: indent + "   "))
    }

    /// A type, with `null` added if the schema allows it and the text does not say so already.
    static func nullable(_ schema: JSONValue, _ type: String) -> String {
        guard schema["nullable"] == true, !type.utf8.contains("null".utf8) else { return type }
        return type + " | null"
    }

    /// The remarks that there are, behind a comment mark.
    static func comment(_ remarks: [String?]) -> String {
        let remarks = remarks.compactMap(\.self)
        return remarks.isEmpty ? "" : " // " + remarks.joined(separator: " ")
    }
}
