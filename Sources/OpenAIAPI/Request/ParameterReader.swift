import Harmony

/// Reads the members of one object of a request, and names the parameter when one is wrong.
///
/// A member that is null counts as absent, as the SDKs send both. Unknown members are ignored.
struct ParameterReader {
    /// The object.
    let object: JSONObject
    /// Where the object is in the request, empty for the request itself.
    let path: String

    /// Reads the object at `path`.
    ///
    /// - Throws: ``APIError`` if the value is no object.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        guard let object = value.object else {
            throw .invalidType(path, expected: "an object", found: value)
        }
        self.object = object
        self.path = path
    }

    /// The path of a member, as errors name it.
    func path(of key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// Any value, nil if absent or null.
    func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    /// Any value but null.
    func requiredValue(_ key: String) throws(APIError) -> JSONValue {
        guard let value = value(key) else { throw .missingParameter(path(of: key)) }
        return value
    }

    /// The member `key` read by `read`, nil if it is absent or null.
    func optional<Value>(
        _ key: String,
        _ read: (JSONValue, String) throws(APIError) -> Value
    ) throws(APIError) -> Value? {
        guard let value = value(key) else { return nil }
        return try read(value, path(of: key))
    }

    /// The member `key` read by `read`.
    func required<Value>(
        _ key: String,
        _ read: (JSONValue, String) throws(APIError) -> Value
    ) throws(APIError) -> Value {
        try read(requiredValue(key), path(of: key))
    }

    /// The elements of the array `key`, each read by `read`; none if it is absent or null.
    func elements<Element>(
        _ key: String,
        _ read: (JSONValue, String) throws(APIError) -> Element
    ) throws(APIError) -> [Element] {
        try optional(key) { value, path throws(APIError) in
            try Self.elements(value, at: path, read)
        } ?? []
    }

    /// The elements of an array, each read by `read` with its path.
    static func elements<Element>(
        _ value: JSONValue,
        at path: String,
        _ read: (JSONValue, String) throws(APIError) -> Element
    ) throws(APIError) -> [Element] {
        guard let values = value.array else {
            throw .invalidType(path, expected: "an array", found: value)
        }
        var elements: [Element] = []
        elements.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            elements.append(try read(value, "\(path)[\(index)]"))
        }
        return elements
    }
}
