import Harmony

/// Reads the types by which models know the parameters of tools, and gives JSON schemas again.
///
/// A rendered type says less than the schema it was made of: numbers may be integers, bounds and
/// formats are gone, and references and `anyOf` are `any`. What comes out is therefore a schema
/// that the first one may be stricter than.
struct TypeReader {
    /// The most types inside one another.
    static let depthMax = 64

    var cursor: TypeCursor
    private var depth = 0

    init(_ text: Substring) {
        cursor = TypeCursor(text)
    }

    /// The type that is next, nil if none is.
    mutating func type() -> JSONValue? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { return nil }
        // Each variant of a union that was written in lines has a bar before it.
        var variants: [JSONValue] = []
        repeat {
            if variants.isEmpty { _ = cursor.take("|") }
            guard let variant = single() else { return nil }
            variants.append(variant)
            // `"a" | "b"[]` is what the renderer writes for an array of an enumeration.
            while cursor.take("[]") { variants = [["type": "array", "items": union(variants)]] }
        } while cursor.take("|")
        return union(variants)
    }

    private mutating func single() -> JSONValue? {
        if cursor.take("{") { return object() }
        if cursor.take("\"") {
            return cursor.take(through: "\"").map { ["enum": [.string(String($0))]] }
        }
        if cursor.take("Array<any>") { return ["type": "array"] }
        switch cursor.takeWord() {
        case "any": return [:]
        case let name where Self.names.contains(name): return ["type": .string(String(name))]
        default: return nil
        }
    }

    private static let names: Set<Substring> = [
        "string", "number", "boolean", "null", "object", "array",
    ]

    /// Several types as one: values that are written out become one enumeration.
    private func union(_ variants: [JSONValue]) -> JSONValue {
        guard variants.count > 1 else { return variants.first ?? [:] }
        let values = variants.compactMap { $0["enum"]?.array }
        guard values.count == variants.count else { return ["anyOf": .array(variants)] }
        return ["enum": .array(values.flatMap(\.self))]
    }
}
