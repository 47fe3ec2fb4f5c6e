public import Harmony

/// A JSON schema that the answer shall follow, with its name.
public struct JSONSchemaFormat: Hashable, Sendable {
    /// The name of the schema, shown to the model.
    public var name: String
    /// What the schema is for, shown to the model.
    public var description: String?
    /// The schema.
    public var schema: JSONValue
    /// Whether the caller asked for exact adherence; nil if it did not say.
    public var strict: Bool?

    /// Creates a format.
    public init(name: String, description: String?, schema: JSONValue, strict: Bool?) {
        self.name = name
        self.description = description
        self.schema = schema
        self.strict = strict
    }
}

extension JSONSchemaFormat {
    /// Reads the members that describe a schema.
    init(_ reader: ParameterReader) throws(APIError) {
        let schema = try reader.requiredValue("schema")
        guard schema.object != nil else {
            throw .invalidType(reader.path(of: "schema"), expected: "an object", found: schema)
        }
        self.init(
            name: try reader.requiredString("name"),
            description: try reader.string("description"),
            schema: schema,
            strict: try reader.flag("strict")
        )
    }

    /// Writes the members that describe the schema, `strict` by its default.
    func writeMembers(to json: inout JSONWriter) {
        json.member("name", name)
        json.member("description", description)
        json.member("schema", schema)
        json.member("strict", strict ?? false)
    }
}
