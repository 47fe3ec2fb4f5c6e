import Harmony

/// Writes the parameters of a tool in those words of JSON Schema that models are shown.
///
/// References, `anyOf` and `allOf` would all be shown as `any`. Libraries that make schemas of
/// types write references for types within types and `anyOf` with null for optional values, so a
/// model would have to guess most arguments. Each reference is replaced by what it names, `anyOf`
/// by `oneOf` or, with null, by `nullable`, and `allOf` of one schema by that schema.
struct PromptSchema {
    /// The most schemas that are written; what is beyond is shown as `any`, as is a schema within
    /// itself.
    static let schemasMax = 2_000

    private let root: JSONValue
    private var schemasLeft = Self.schemasMax
    /// The references that the schema being written is inside of.
    private var references: [String] = []

    /// The parameters as the model is shown them.
    static func shown(_ parameters: JSONValue) -> JSONValue {
        var writer = PromptSchema(root: parameters)
        return writer.shown(parameters)
    }

    private init(root: JSONValue) {
        self.root = root
    }

    private mutating func shown(_ schema: JSONValue) -> JSONValue {
        guard var members = schema.object else { return schema }
        guard schemasLeft > 0 else { return [:] }
        schemasLeft -= 1
        if let reference = members["$ref"]?.string { return replaced(reference, members) }
        if let parts = members["allOf"]?.array, parts.count == 1 {
            return replaced(by: parts[0], "allOf", members)
        }
        if let variants = members["anyOf"]?.array { return union(variants, members) }
        members["properties"] = members["properties"]?.object.map { properties in
            .object(shownValues(of: properties))
        }
        if let items = members["items"] { members["items"] = shown(items) }
        if let variants = members["oneOf"]?.array {
            members["oneOf"] = .array(variants.map { shown($0) })
        }
        return .object(members)
    }

    private mutating func shownValues(of properties: JSONObject) -> JSONObject {
        var properties = properties
        for member in properties.members { properties[member.key] = shown(member.value) }
        return properties
    }

    private mutating func replaced(_ reference: String, _ members: JSONObject) -> JSONValue {
        guard !references.contains(reference), let target = root.part(at: reference) else {
            return .object(members)
        }
        references.append(reference)
        defer { references.removeLast() }
        return replaced(by: target, "$ref", members)
    }

    /// A schema in the place of one of another's members; what else the other says goes first.
    private mutating func replaced(
        by schema: JSONValue,
        _ key: String,
        _ members: JSONObject
    ) -> JSONValue {
        guard var result = schema.object else { return .object(members) }
        for member in members.members where member.key != key {
            result[member.key] = member.value
        }
        return shown(.object(result))
    }

    private mutating func union(_ variants: [JSONValue], _ members: JSONObject) -> JSONValue {
        let values = variants.filter { $0["type"] != "null" }
        var members = members
        if values.count < variants.count { members["nullable"] = true }
        guard values.count != 1 else { return replaced(by: values[0], "anyOf", members) }
        members["oneOf"] = .array(variants)
        members["anyOf"] = nil
        members["nullable"] = nil
        return shown(.object(members))
    }
}
