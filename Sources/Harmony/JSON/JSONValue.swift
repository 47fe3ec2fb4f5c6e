/// A JSON value that keeps what a plain dictionary loses: the order of members and the spelling
/// of numbers.
///
/// Tool parameters are shown to the model in the order in which the caller wrote them, so both
/// are part of the meaning of a Harmony prompt.
public enum JSONValue: Hashable, Sendable {
    /// The literal `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, with its spelling.
    case number(JSONNumber)
    /// A string, unescaped.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, its members in the order of the text.
    case object(JSONObject)
}

extension JSONValue {
    /// Whether this is the literal `null`.
    public var isNull: Bool { self == .null }

    /// The value of `true` or `false`, nil for anything else.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The value of a number spelled as an integer that fits 64 bits, nil for anything else.
    public var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return number.integer
    }

    /// The value of a number, nil for anything else.
    public var double: Double? {
        guard case .number(let number) = self else { return nil }
        return number.double
    }

    /// The text of a string, nil for anything else.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The elements of an array, nil for anything else.
    public var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object, nil for anything else.
    public var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// The member of an object with this key; nil if it is absent or this is no object.
    public subscript(key: String) -> JSONValue? { object?[key] }
}
