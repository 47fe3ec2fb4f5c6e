public import Harmony

/// What form the answer shall have.
public struct TextOptions: Hashable, Sendable {
    /// How long the answer shall be.
    public enum Verbosity: String, Hashable, Sendable, CaseIterable {
        /// Short.
        case low
        /// The default.
        case medium
        /// Long.
        case high
    }

    /// The form of the answer.
    public var format: TextFormat
    /// How long the answer shall be.
    public var verbosity: Verbosity

    /// Creates options.
    public init(format: TextFormat = .text, verbosity: Verbosity = .medium) {
        self.format = format
        self.verbosity = verbosity
    }
}

/// The form of an answer.
public enum TextFormat: Hashable, Sendable {
    /// Any text.
    case text
    /// Any JSON object.
    case jsonObject
    /// JSON that a schema describes.
    case jsonSchema(JSONSchemaFormat)
}

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

extension TextOptions {
    /// Reads the `text` parameter.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        self.init(
            format: try reader.optional("format", TextFormat.init(_:at:)) ?? .text,
            verbosity: try reader.choice("verbosity") ?? .medium
        )
    }

    /// Writes the echo.
    ///
    /// `verbosity` is always there, since null is refused by strict readers.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("format") { json in format.write(to: &json) }
            json.member("verbosity", verbosity.rawValue)
        }
    }
}

extension TextFormat {
    /// Reads a format; a schema's members stand beside its type.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        let type = try reader.requiredString("type")
        switch type {
        case "text": self = .text
        case "json_object": self = .jsonObject
        case "json_schema": self = .jsonSchema(try JSONSchemaFormat(reader))
        default:
            let types = ["text", "json_object", "json_schema"]
            throw .invalidChoice(reader.path(of: "type"), type, of: types)
        }
    }

    /// Writes the echo.
    func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .text: json.member("type", "text")
            case .jsonObject: json.member("type", "json_object")
            case .jsonSchema(let format):
                json.member("type", "json_schema")
                format.writeMembers(to: &json)
            }
        }
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

    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("name", name)
        json.member("description", description)
        json.member("schema", schema)
        json.member("strict", strict)
    }
}
