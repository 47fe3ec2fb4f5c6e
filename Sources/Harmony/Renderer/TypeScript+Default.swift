extension TypeScript {
    /// What is said of the default value of a property, or of a variant of one.
    ///
    /// The default of an enumeration stands without quotes, as the reference has it.
    static func defaultRemark(ofProperty schema: JSONValue) -> String? {
        guard case .string(let text)? = schema["default"], isEnumeration(schema) else {
            return defaultRemark(of: schema)
        }
        return "default: \(text)"
    }

    /// What is said of the default value of any other schema.
    static func defaultRemark(of schema: JSONValue) -> String? {
        guard let value = schema["default"] else { return nil }
        guard case .string(let text) = value, !isEnumeration(schema) else {
            return "default: \(value.respelled.compact)"
        }
        return "default: \"\(text)\""
    }

    private static func isEnumeration(_ schema: JSONValue) -> Bool {
        schema["enum"]?.array?.isEmpty == false
    }
}

extension JSONValue {
    /// This value with every number spelled as the reference spells it.
    fileprivate var respelled: JSONValue {
        switch self {
        case .number(let number): .number(JSONNumber(validated: number.referenceText))
        case .array(let elements): .array(elements.map(\.respelled))
        case .object(let object): .object(object.mapValues(\.respelled))
        default: self
        }
    }
}
