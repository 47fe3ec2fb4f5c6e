import Harmony

/// Reads the members of one object of a configuration, and names the field when one is wrong.
struct ConfigurationReader {
    private let object: JSONObject
    private let path: String

    init(_ value: JSONValue, at path: String) throws(MCPConfigurationError) {
        guard let object = value.object else {
            throw MCPConfigurationError(field: path, message: "it must be an object")
        }
        self.object = object
        self.path = path
    }

    /// Refuses members of other names.
    func allow(_ keys: Set<String>) throws(MCPConfigurationError) {
        for member in object.members where !keys.contains(member.key) {
            let known = keys.sorted().joined(separator: ", ")
            throw fault(member.key, "it means nothing here (known: \(known))")
        }
    }

    func fault(_ key: String, _ message: String) -> MCPConfigurationError {
        MCPConfigurationError(field: path(of: key), message: message)
    }

    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Any value, nil if absent.
    func value(_ key: String) -> JSONValue? { object[key] }

    func object(_ key: String) throws(MCPConfigurationError) -> ConfigurationReader? {
        guard let value = object[key] else { return nil }
        return try ConfigurationReader(value, at: path(of: key))
    }

    /// The members of an object by name, sorted; none if it is absent.
    func members(_ key: String) throws(MCPConfigurationError) -> [(key: String, value: JSONValue)] {
        guard let reader = try object(key) else { return [] }
        return reader.object.members.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    func string(_ key: String) throws(MCPConfigurationError) -> String? {
        guard let value = object[key] else { return nil }
        guard let string = value.string else { throw fault(key, "it must be a string") }
        return string
    }

    func strings(_ key: String) throws(MCPConfigurationError) -> [String] {
        guard let value = object[key] else { return [] }
        guard let values = value.array else { throw fault(key, "it must be an array of strings") }
        return try values.map { value throws(MCPConfigurationError) in
            guard let string = value.string else {
                throw fault(key, "it must be an array of strings")
            }
            return string
        }
    }

    func flag(_ key: String) throws(MCPConfigurationError) -> Bool? {
        guard let value = object[key] else { return nil }
        guard let flag = value.bool else { throw fault(key, "it must be true or false") }
        return flag
    }

    /// A number of at least 1.
    func count(_ key: String, min: Int = 1) throws(MCPConfigurationError) -> Int? {
        guard let value = object[key] else { return nil }
        guard let count = value.integer, count >= min else {
            throw fault(key, "it must be an integer of at least \(min)")
        }
        return count
    }
}
