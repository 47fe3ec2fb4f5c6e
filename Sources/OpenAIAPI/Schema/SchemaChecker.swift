import Harmony

/// One check of a value by a schema.
struct SchemaChecker {
    /// The whole schema, in which references are looked up.
    let root: JSONValue
    /// How much work is left.
    var stepsLeft = JSONSchema.stepsMax
    /// How many checks are inside one another.
    private var depth = 0

    /// Creates a check by a schema.
    init(root: JSONValue) {
        self.root = root
    }

    /// Checks a value by a part of the schema; what is not an object allows everything, except
    /// `false`, which allows nothing.
    mutating func check(
        _ value: JSONValue,
        by schema: JSONValue,
        at path: String
    ) throws(SchemaViolation) {
        guard stepsLeft > 0, depth < JSONSchema.depthMax else { return stepsLeft = 0 }
        stepsLeft -= 1
        depth += 1
        defer { depth -= 1 }
        if schema == .bool(false) { throw SchemaViolation(path: path, message: "is not allowed.") }
        guard let schema = schema.object else { return }
        if value.isNull, schema["nullable"] == .bool(true) { return }
        try checkReference(value, schema, path)
        try checkCombinations(value, schema, path)
        try checkType(value, schema, path)
        switch value {
        case .object(let object): try checkMembers(of: object, schema, path)
        case .array(let elements): try checkElements(elements, schema, path)
        case .string(let text): try checkLength(of: text, schema, path)
        case .number(let number): try checkBounds(of: number, schema, path)
        case .bool, .null: break
        }
    }

    private mutating func checkReference(
        _ value: JSONValue,
        _ schema: JSONObject,
        _ path: String
    ) throws(SchemaViolation) {
        guard let reference = schema["$ref"]?.string, let target = root.part(at: reference) else {
            return
        }
        try check(value, by: target, at: path)
    }

    private mutating func checkCombinations(
        _ value: JSONValue,
        _ schema: JSONObject,
        _ path: String
    ) throws(SchemaViolation) {
        for part in schema["allOf"]?.array ?? [] { try check(value, by: part, at: path) }
        if let parts = schema["anyOf"]?.array, matches(of: value, among: parts, path) == 0 {
            throw SchemaViolation(path: path, message: "fits none of the schemas of anyOf.")
        }
        if let parts = schema["oneOf"]?.array {
            let count = matches(of: value, among: parts, path)
            guard count != 1, stepsLeft > 0 else { return }
            throw SchemaViolation(path: path, message: "fits \(count) of the schemas of oneOf.")
        }
        if let part = schema["not"], matches(of: value, among: [part], path) == 1, stepsLeft > 0 {
            throw SchemaViolation(path: path, message: "fits a schema that it must not fit.")
        }
    }

    private mutating func matches(
        of value: JSONValue,
        among schemas: [JSONValue],
        _ path: String
    ) -> Int {
        var count = 0
        for schema in schemas {
            do throws(SchemaViolation) {
                try check(value, by: schema, at: path)
                count += 1
            } catch {
                continue
            }
        }
        return count
    }

    private func checkType(
        _ value: JSONValue,
        _ schema: JSONObject,
        _ path: String
    ) throws(SchemaViolation) {
        if let type = schema["type"] {
            let types = type.array?.compactMap(\.string) ?? [type.string].compactMap(\.self)
            guard types.isEmpty || types.contains(where: value.isOf) else {
                let names = types.joined(separator: " or ")
                throw SchemaViolation(path: path, message: "must be of type \(names).")
            }
        }
        if let values = schema["enum"]?.array, !values.contains(where: value.isSame) {
            let list = JSONValue.array(values).compact
            throw SchemaViolation(path: path, message: "must be one of \(list).")
        }
        if let only = schema["const"], !value.isSame(as: only) {
            throw SchemaViolation(path: path, message: "must be \(only.compact).")
        }
    }
}
