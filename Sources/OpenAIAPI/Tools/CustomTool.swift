public import Harmony

/// A tool that takes any text, which the caller runs for the model.
///
/// The models served here call tools with JSON, so such a tool is shown as a function of one
/// string, and the string is taken out of the arguments again.
public struct CustomTool: Hashable, Sendable {
    /// The tool's name.
    public var name: String
    /// What it does.
    public var description: String?
    /// The form of its text, `{"type":"text"}` or a grammar; nil if the caller did not say.
    public var format: JSONValue?

    /// Creates a tool.
    public init(name: String, description: String? = nil, format: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.format = format
    }
}

extension CustomTool {
    /// The key of the one string that the model is asked for.
    private static let inputKey = "input"

    /// What the model is told of the arguments.
    static let parameters: JSONValue = [
        "type": "object",
        "properties": ["input": ["type": "string", "description": "The raw text for the tool."]],
        "required": ["input"],
    ]

    /// Reads a tool.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            name: try Tool.name(reader),
            description: try reader.string("description"),
            format: reader.value("format")
        )
    }

    /// Writes the echo.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "custom")
            json.member("name", name)
            json.member("description", description)
            json.member("format", format ?? ["type": "text"])
        }
    }

    /// What the model is told of the tool, its grammar included.
    var prompt: String {
        guard let definition = format?["definition"]?.string else { return description ?? "" }
        let syntax = format?["syntax"]?.string ?? "following"
        let grammar = "The text follows this \(syntax) grammar:\n\(definition)"
        return [description, grammar].compactMap(\.self).joined(separator: "\n\n")
    }

    /// The text for the tool in the arguments that the model wrote.
    ///
    /// Models sometimes write the text itself, which is then taken as it is.
    static func input(in arguments: String) -> String {
        guard let value = try? JSONValue(parsing: arguments) else { return arguments }
        return value[inputKey]?.string ?? value.string ?? arguments
    }

    /// The arguments with which the model would have given this text.
    static func arguments(for input: String) -> String {
        let object: JSONObject = [inputKey: .string(input)]
        return JSONValue.object(object).compact
    }
}
