extension TypeScript {
    /// An object type with its properties in the order of the schema.
    static func object(_ schema: JSONValue, indent: String) -> String {
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        var text = line(schema["description"]?.string, indent: indent) + "{\n"
        for property in schema["properties"]?.object?.members ?? [] {
            let isRequired = required.contains { $0.utf8.elementsEqual(property.key.utf8) }
            let name = property.key + (isRequired ? "" : "?")
            text += self.property(name, property.value, indent: indent)
        }
        return text + "\(indent)}"
    }

    private static func property(_ name: String, _ schema: JSONValue, indent: String) -> String {
        let heading = title(schema, indent: indent)
        if let variants = schema["oneOf"]?.array {
            let examples = examples(schema, indent: indent)
            return heading + examples + union(name, schema, of: variants, indent: indent)
        }
        let description = schema["oneOf"] == nil ? schema["description"]?.string : nil
        let type = nullable(schema, type(of: schema, indent: indent + "    "))
        let remark = schema["oneOf"] == nil ? defaultRemark(ofProperty: schema) : nil
        return heading + line(description, indent: indent) + examples(schema, indent: indent)
            + "\(indent)\(name): \(type),\(comment([remark]))\n"
    }

    /// A property that is a union, one variant a line.
    private static func union(
        _ name: String,
        _ schema: JSONValue,
        of variants: [JSONValue],
        indent: String
    ) -> String {
        let description = schema["description"]?.string
        let isAbove = description != nil && description != variants.first?["description"]?.string
        var text = line(isAbove ? description : nil, indent: indent)
        text += line(defaultRemark(ofProperty: schema), indent: indent)
        text += "\(indent)\(name):\n"
        for (position, variant) in variants.enumerated() {
            var remark = variant["description"]?.string
            if remark == description || (position == 0 && isAbove) { remark = nil }
            let remarks = [remark, defaultRemark(ofProperty: variant)]
            text += self.variant(variant, indent: indent) + comment(remarks) + "\n"
        }
        return text + "\(indent),\n"
    }

    private static func title(_ schema: JSONValue, indent: String) -> String {
        guard let title = schema["title"]?.string else { return "" }
        return "\(indent)// \(title)\n\(indent)//\n"
    }

    private static func examples(_ schema: JSONValue, indent: String) -> String {
        guard let examples = schema["examples"]?.array, !examples.isEmpty else { return "" }
        let lines = examples.compactMap(\.string).map { "\(indent)// - \"\($0)\"\n" }
        return "\(indent)// Examples:\n" + lines.joined()
    }

    private static func line(_ remark: String?, indent: String) -> String {
        remark.map { "\(indent)// \($0)\n" } ?? ""
    }
}
