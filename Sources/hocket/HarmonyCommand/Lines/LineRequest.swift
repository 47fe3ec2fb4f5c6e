import Harmony

/// The members of a JSON object, read by name; one that is null counts as absent.
struct LineRequest {
    private let object: JSONObject

    /// What stands before the names of members in errors, such as `rep.`.
    private let path: String

    /// Reads a line.
    init(line: ArraySlice<UInt8>) throws(LineError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: line.span)
        } catch {
            throw LineError(.value, error.description)
        }
        guard let object = value.object else { throw LineError(.value, "the line is no object") }
        self.init(object, path: "")
    }

    private init(_ object: JSONObject, path: String) {
        self.object = object
        self.path = path
    }

    /// What the answer is to be recognised by.
    var id: JSONValue? { object["id"] }

    /// Whether a member is there, if only as null.
    func has(_ name: String) -> Bool { object[name] != nil }

    /// The value of a member.
    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    /// An object of its own.
    func request(_ name: String) throws(LineError) -> LineRequest? {
        try read(name, as: "an object", \.object).map { LineRequest($0, path: "\(path)\(name).") }
    }

    func text(_ name: String) throws(LineError) -> String? {
        try read(name, as: "a string", \.string)
    }

    /// The value that the text of a member spells.
    func embedded(_ name: String) throws(LineError) -> JSONValue {
        let text = try requiredText(name)
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            throw LineError(.value, "invalid JSON in '\(path)\(name)': \(error)")
        }
    }

    func bool(_ name: String) throws(LineError) -> Bool? {
        try read(name, as: "true or false", \.bool)
    }

    func integer(_ name: String) throws(LineError) -> Int? {
        try read(name, as: "an integer", \.integer)
    }

    func texts(_ name: String) throws(LineError) -> [String]? {
        try elements(name, as: "a string", \.string)
    }

    func tokens(_ name: String) throws(LineError) -> [TokenID] {
        let tokens = try elements(name, as: "a token id") { value in
            value.integer.flatMap(TokenID.init(exactly:))
        }
        return try require(tokens, name)
    }

    func role(_ name: String) throws(LineError) -> Role? {
        guard let text = try text(name) else { return nil }
        guard let role = Role(rawValue: text) else {
            throw LineError(.value, "unknown role: \(text)")
        }
        return role
    }

    func requiredText(_ name: String) throws(LineError) -> String {
        try require(text(name), name)
    }

    /// The value, or the error that says that there is none.
    func require<Value>(_ value: Value?, _ name: String) throws(LineError) -> Value {
        guard let value else { throw LineError(.value, "'\(path)\(name)' is missing") }
        return value
    }

    private func read<Value>(
        _ name: String,
        as kind: String,
        _ convert: (JSONValue) -> Value?
    ) throws(LineError) -> Value? {
        guard let value = value(name) else { return nil }
        guard let converted = convert(value) else {
            throw LineError(.value, "'\(path)\(name)' is not \(kind)")
        }
        return converted
    }

    private func elements<Value>(
        _ name: String,
        as kind: String,
        _ convert: (JSONValue) -> Value?
    ) throws(LineError) -> [Value]? {
        guard let values = try read(name, as: "a list", \.array) else { return nil }
        var converted: [Value] = []
        converted.reserveCapacity(values.count)
        for (position, value) in values.enumerated() {
            guard let element = convert(value) else {
                throw LineError(.value, "'\(path)\(name)[\(position)]' is not \(kind)")
            }
            converted.append(element)
        }
        return converted
    }
}
