import Harmony

/// Makes a value that fits a JSON schema, of what the user's text offers.
///
/// The first variant is taken of `anyOf` and `oneOf`, the first value of an enumeration unless
/// the text holds another, and what is not required is left out where anything is. `pattern` and
/// `not` are not looked at.
struct ValueMaker {
    /// From this depth on only what must be there is made, so that a schema that holds itself
    /// has an end.
    static let depthMax = 8

    private let root: JSONValue
    var material: Material
    private var depth = 0

    /// Creates a maker.
    ///
    /// - Parameters:
    ///   - root: the schema, in which references are looked up.
    ///   - material: what the values are made of.
    init(_ root: JSONValue, of material: Material) {
        self.root = root
        self.material = material
    }

    /// A value for the whole schema.
    mutating func value() -> JSONValue { value(root, "value") }

    /// A value for a part of it.
    mutating func value(_ schema: JSONValue, _ name: String) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        guard depth < 4 * Self.depthMax else { return .null }
        if let target = schema["$ref"]?.string.flatMap(resolve) { return value(target, name) }
        if let only = schema["const"] { return only }
        if let values = schema["enum"]?.array { return choice(of: values) }
        if let variants = schema["anyOf"]?.array ?? schema["oneOf"]?.array {
            return value(variant(of: variants), name)
        }
        if let parts = schema["allOf"]?.array { return value(merged(parts, schema), name) }
        return typed(schema, name)
    }

    private mutating func typed(_ schema: JSONValue, _ name: String) -> JSONValue {
        let types = schema["type"]?.array?.compactMap(\.string) ?? []
        switch schema["type"]?.string ?? types.first(where: { $0 != "null" }) {
        case "object"?: return object(schema)
        case "array"?: return array(schema, name)
        case "string"?: return .string(string(schema, name))
        case "integer"?, "number"?: return number(schema)
        case "boolean"?: return true
        default: return schema["properties"] == nil ? .null : object(schema)
        }
    }

    private mutating func object(_ schema: JSONValue) -> JSONValue {
        var object = JSONObject()
        let required = schema["required"]?.array?.compactMap(\.string) ?? []
        let properties = schema["properties"]?.object?.members ?? []
        let isWhole = required.isEmpty && depth < Self.depthMax
        for property in properties where isWhole || required.contains(property.key) {
            object[property.key] = value(property.value, property.key)
        }
        return .object(object)
    }

    private mutating func array(_ schema: JSONValue, _ name: String) -> JSONValue {
        if let parts = schema["prefixItems"]?.array {
            return .array(parts.map { value($0, name) })
        }
        let least = schema["minItems"]?.integer ?? 0
        let wanted = depth < Self.depthMax ? max(least, 1) : least
        let count = min(wanted, schema["maxItems"]?.integer ?? wanted)
        return .array((0..<count).map { _ in value(schema["items"] ?? [:], name) })
    }

    private func choice(of values: [JSONValue]) -> JSONValue {
        let spoken = values.first { value in
            value.string.map { material.text.contains($0.lowercased()) } ?? false
        }
        return spoken ?? values.first ?? .null
    }

    /// The first variant that is more than null; deep down null, if it is one.
    private func variant(of variants: [JSONValue]) -> JSONValue {
        let null = variants.first { $0["type"] == "null" }
        if let null, depth >= Self.depthMax { return null }
        return variants.first { $0["type"] != "null" } ?? .null
    }

    /// Schemas that must all hold, as one; the later one's members win.
    private func merged(_ parts: [JSONValue], _ schema: JSONValue) -> JSONValue {
        var members = schema.object ?? JSONObject()
        members["allOf"] = nil
        for part in parts {
            let part = part["$ref"]?.string.flatMap(resolve) ?? part
            for member in part.object?.members ?? [] {
                members[member.key] = joined(members[member.key], member.value)
            }
        }
        return .object(members)
    }

    private func joined(_ first: JSONValue?, _ second: JSONValue) -> JSONValue {
        switch (first, second) {
        case (.array(let first)?, .array(let second)): return .array(first + second)
        case (.object(var object)?, .object(let second)):
            for member in second.members { object[member.key] = member.value }
            return .object(object)
        default: return second
        }
    }

    /// The part of the schema that a local reference names (RFC 6901).
    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        return reference.dropFirst().split(separator: "/").reduce(root) { target, token in
            target?[String(token.replacing("~1", with: "/").replacing("~0", with: "~"))]
        }
    }
}
