import Harmony

/// Strings, numbers and flags.
extension ParameterReader {
    /// A string, nil if absent or null.
    func string(_ key: String) throws(APIError) -> String? {
        try optional(key, Self.string)
    }

    /// A string that must be there.
    func requiredString(_ key: String) throws(APIError) -> String {
        try required(key, Self.string)
    }

    /// A flag, `fallback` if absent or null.
    func flag(_ key: String, default fallback: Bool) throws(APIError) -> Bool {
        try optional(key, Self.flag) ?? fallback
    }

    /// A flag, nil if absent or null.
    func flag(_ key: String) throws(APIError) -> Bool? {
        try optional(key, Self.flag)
    }

    /// An integer within `range`, nil if absent or null.
    func integer(_ key: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        try optional(key) { value, path throws(APIError) in
            guard let integer = value.integer else {
                throw .invalidType(path, expected: "an integer", found: value)
            }
            guard range.contains(integer) else {
                throw .invalidValue(path, Self.outside(range, actual: String(integer)))
            }
            return integer
        }
    }

    /// A number within `range`, with its spelling; nil if absent or null.
    func number(_ key: String, in range: ClosedRange<Double>) throws(APIError) -> JSONNumber? {
        try optional(key) { value, path throws(APIError) in
            guard case .number(let number) = value else {
                throw .invalidType(path, expected: "a number", found: value)
            }
            guard range.contains(number.double) else {
                throw .invalidValue(path, Self.outside(range, actual: number.text))
            }
            return number
        }
    }

    /// One of the words of an enumeration, nil if absent or null.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        of type: Choice.Type = Choice.self
    ) throws(APIError) -> Choice? {
        try optional(key) { value, path throws(APIError) in
            try Self.choice(value, at: path, of: type)
        }
    }

    /// One of the words of an enumeration.
    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ value: JSONValue,
        at path: String,
        of type: Choice.Type = Choice.self
    ) throws(APIError) -> Choice {
        let word = try string(value, at: path)
        guard let choice = Choice(rawValue: word) else {
            throw .invalidChoice(path, word, of: Choice.allCases.map(\.rawValue))
        }
        return choice
    }

    /// A string.
    static func string(_ value: JSONValue, at path: String) throws(APIError) -> String {
        guard let string = value.string else {
            throw .invalidType(path, expected: "a string", found: value)
        }
        return string
    }

    private static func flag(_ value: JSONValue, at path: String) throws(APIError) -> Bool {
        guard let flag = value.bool else {
            throw .invalidType(path, expected: "a boolean", found: value)
        }
        return flag
    }

    private static func outside<Bound>(_ range: ClosedRange<Bound>, actual: String) -> String {
        "it is outside of its range "
            + "(min: \(range.lowerBound), max: \(range.upperBound), actual: \(actual))."
    }
}
