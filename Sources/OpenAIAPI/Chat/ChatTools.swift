import Harmony

/// Tools, choices and formats, which chat completions wrap in one object more.
extension Tool {
    /// Reads one element of a chat request's `tools`.
    init(chat value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        let type = try reader.requiredString("type")
        switch type {
        case "function":
            self = .function(try FunctionTool(reader.required("function", ParameterReader.init)))
        case "custom": self = .unserved(type: type, reader.object)
        default: throw .invalidValue(reader.path(of: "type"), "'\(type)' is no known tool type.")
        }
    }
}

extension ToolChoice {
    /// Reads a chat request's `tool_choice`.
    init(chat value: JSONValue, at path: String) throws(APIError) {
        guard value.object != nil else {
            try self.init(value, at: path)
            return
        }
        let reader = try ParameterReader(value, at: path)
        switch try reader.requiredString("type") {
        case "function": self = .named(try Self.function(reader))
        case "allowed_tools":
            let allowed = try reader.required("allowed_tools", ParameterReader.init)
            let named = try allowed.elements("tools") { value, path throws(APIError) in
                try Self.function(ParameterReader(value, at: path))
            }
            self = .allowed(try allowed.choice("mode") ?? .auto, named)
        default: self = .unserved(value)
        }
    }

    private static func function(_ reader: ParameterReader) throws(APIError) -> Named {
        let function = try reader.required("function", ParameterReader.init)
        return Named(type: "function", name: try function.requiredString("name"))
    }
}

extension TextFormat {
    /// Reads a chat request's `response_format`.
    init(chat value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        guard try reader.requiredString("type") == "json_schema" else {
            try self.init(value, at: path)
            return
        }
        let schema = try reader.required("json_schema", ParameterReader.init)
        self = .jsonSchema(try JSONSchemaFormat(schema))
    }
}
