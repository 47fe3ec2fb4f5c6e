import Harmony

/// What is inside a value.
extension SchemaChecker {
    mutating func checkMembers(
        of object: JSONObject,
        _ schema: JSONObject,
        _ path: String
    ) throws(SchemaViolation) {
        for key in schema["required"]?.array?.compactMap(\.string) ?? []
        where object[key] == nil {
            throw SchemaViolation(path: path, message: "must have '\(key)'.")
        }
        try checkCount(object.members.count, schema, "Properties", path)
        let properties = schema["properties"]
        for member in object.members {
            let path = "\(path).\(member.key)"
            if let property = properties?[member.key] {
                try check(member.value, by: property, at: path)
            } else if let others = schema["additionalProperties"],
                schema["patternProperties"] == nil
            {
                try check(member.value, by: others, at: path)
            }
        }
    }

    mutating func checkElements(
        _ elements: [JSONValue],
        _ schema: JSONObject,
        _ path: String
    ) throws(SchemaViolation) {
        try checkCount(elements.count, schema, "Items", path)
        let first = schema["prefixItems"]?.array ?? []
        for (index, element) in elements.enumerated() {
            let part = index < first.count ? first[index] : schema["items"]
            if let part { try check(element, by: part, at: "\(path)[\(index)]") }
        }
    }

    func checkLength(
        of text: String,
        _ schema: JSONObject,
        _ path: String
    ) throws(SchemaViolation) {
        // The specification counts code points, as JSON does.
        try checkCount(text.unicodeScalars.count, schema, "Length", path)
    }

    func checkBounds(
        of number: JSONNumber,
        _ schema: JSONObject,
        _ path: String
    ) throws(SchemaViolation) {
        let value = number.double
        let bounds: [(String, (Double, Double) -> Bool, String)] = [
            ("minimum", (>=), "at least"), ("maximum", (<=), "at most"),
            ("exclusiveMinimum", (>), "above"), ("exclusiveMaximum", (<), "below"),
        ]
        for (key, holds, word) in bounds {
            guard let bound = schema[key]?.double, !holds(value, bound) else { continue }
            throw SchemaViolation(path: path, message: "must be \(word) \(bound).")
        }
        if let step = schema["multipleOf"]?.double, step > 0,
            value.remainder(dividingBy: step).magnitude > step * 1e-9
        {
            throw SchemaViolation(path: path, message: "must be a multiple of \(step).")
        }
    }

    private func checkCount(
        _ count: Int,
        _ schema: JSONObject,
        _ unit: String,
        _ path: String
    ) throws(SchemaViolation) {
        if let min = schema["min\(unit)"]?.integer, count < min {
            throw SchemaViolation(
                path: path,
                message: "is too short (min: \(min), actual: \(count))."
            )
        }
        if let max = schema["max\(unit)"]?.integer, count > max {
            throw SchemaViolation(
                path: path,
                message: "is too long (max: \(max), actual: \(count))."
            )
        }
    }
}
