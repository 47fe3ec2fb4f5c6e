public import Harmony

/// A function that the caller runs for the model.
public struct FunctionTool: Hashable, Sendable {
    /// The function's name.
    public var name: String
    /// What it does.
    public var description: String?
    /// The JSON schema of its arguments, nil if it takes none.
    public var parameters: JSONValue?
    /// Whether arguments must follow the schema exactly; nil if the caller did not say.
    public var strict: Bool?

    /// Creates a function.
    public init(
        name: String,
        description: String? = nil,
        parameters: JSONValue? = nil,
        strict: Bool? = nil
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.strict = strict
    }
}

extension FunctionTool {
    /// Reads a function.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            name: try Tool.name(reader),
            description: try reader.string("description"),
            parameters: try reader.optional("parameters") { value, path throws(APIError) in
                .object(try ParameterReader(value, at: path).object)
            },
            strict: try reader.flag("strict")
        )
    }

    /// Writes the echo: every member, null where there is nothing, and `strict` by its default.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "function")
            json.member("name", name)
            json.member("description", description)
            json.member("parameters", parameters)
            json.member("strict", strict ?? true)
        }
    }
}
