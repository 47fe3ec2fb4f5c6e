/// The members of an object of the reference's JSON form, read by name.
///
/// A member that is absent and one that is `null` are the same for optional fields; a known field
/// that stands twice is an error; unknown fields are ignored.
struct JSONFields {
    let object: JSONObject

    /// Takes the members of an object, or says that `value` is none.
    init(_ value: JSONValue) throws(ShapeError) {
        guard case .object(let object) = value else { throw value.isNot("an object") }
        self.object = object
    }

    /// The value of a field that has to be there, whatever it is.
    func required(_ name: String) throws(ShapeError) -> JSONValue {
        guard let value = try present(name) else {
            throw ShapeError(problem: "the field '\(name)' is missing")
        }
        return value
    }

    /// The value of a field that may be absent or null.
    func optional(_ name: String) throws(ShapeError) -> JSONValue? {
        guard let value = try present(name), !value.isNull else { return nil }
        return value
    }

    /// The text of a field that has to be there.
    func requiredString(_ name: String) throws(ShapeError) -> String {
        let value = try required(name)
        return try reading(name) { () throws(ShapeError) in try value.expectString() }
    }

    /// The text of a field that may be absent or null.
    func optionalString(_ name: String) throws(ShapeError) -> String? {
        guard let value = try optional(name) else { return nil }
        return try reading(name) { () throws(ShapeError) in try value.expectString() }
    }

    /// The elements of a field that has to be there, each read by `element`.
    func requiredArray<Element>(
        _ name: String,
        of element: (JSONValue) throws(ShapeError) -> Element
    ) throws(ShapeError) -> [Element] {
        let value = try required(name)
        return try reading(name) { () throws(ShapeError) in try value.expectArray(of: element) }
    }

    private func present(_ name: String) throws(ShapeError) -> JSONValue? {
        guard !object.isRepeated(name) else {
            throw ShapeError(problem: "the field '\(name)' stands twice")
        }
        return object[name]
    }
}

extension JSONValue {
    /// The text of a string.
    func expectString() throws(ShapeError) -> String {
        guard case .string(let text) = self else { throw isNot("a string") }
        return text
    }

    /// The elements of an array, each read by `element`.
    func expectArray<Element>(
        of element: (JSONValue) throws(ShapeError) -> Element
    ) throws(ShapeError) -> [Element] {
        guard case .array(let values) = self else { throw isNot("an array") }
        var elements: [Element] = []
        elements.reserveCapacity(values.count)
        for (position, value) in values.enumerated() {
            let read = { () throws(ShapeError) in try element(value) }
            elements.append(try reading("[\(position)]", read))
        }
        return elements
    }

    /// The error that says what was expected and which kind of value stands there.
    func isNot(_ expected: String) -> ShapeError {
        ShapeError(problem: "expected \(expected), found \(kind)")
    }

    private var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
