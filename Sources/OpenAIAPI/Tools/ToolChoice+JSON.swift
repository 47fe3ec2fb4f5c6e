import Harmony

extension ToolChoice {
    /// Reads the `tool_choice` parameter.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        if let word = value.string {
            self = try Self.choice(word, at: path)
            return
        }
        guard value.object != nil else {
            throw .invalidType(path, expected: "a string or an object", found: value)
        }
        let reader = try ParameterReader(value, at: path)
        let type = try reader.requiredString("type")
        switch type {
        case "function", "custom":
            _ = try reader.requiredString("name")
            self = .named(try Named(reader))
        case "mcp":
            _ = try reader.requiredString("server_label")
            self = .named(try Named(reader))
        case "allowed_tools": self = try Self.allowed(reader)
        case _ where BuiltInTool(type: type) != nil: self = .named(Named(type: type))
        default: self = .unserved(value)
        }
    }

    private static func choice(_ word: String, at path: String) throws(APIError) -> ToolChoice {
        switch word {
        case "auto": .auto
        case "none": .none
        case "required": .required
        default: throw .invalidChoice(path, word, of: ["auto", "none", "required"])
        }
    }

    private static func allowed(_ reader: ParameterReader) throws(APIError) -> ToolChoice {
        let named = try reader.elements("tools") { value, path throws(APIError) in
            try Named(ParameterReader(value, at: path))
        }
        return .allowed(try reader.choice("mode") ?? .auto, named)
    }

    /// Writes the echo.
    func write(to json: inout JSONWriter) {
        switch self {
        case .auto: json.string("auto")
        case .none: json.string("none")
        case .required: json.string("required")
        case .named(let named): named.write(to: &json)
        case .allowed(let mode, let named): Self.write(mode, named, to: &json)
        case .unserved(let value): json.value(value)
        }
    }

    private static func write(_ mode: Mode, _ named: [Named], to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "allowed_tools")
            json.member("mode", mode.rawValue)
            json.member("tools") { json in
                json.array(of: named) { named, json in named.write(to: &json) }
            }
        }
    }
}

extension ToolChoice.Named {
    /// Reads a name.
    fileprivate init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            type: try reader.requiredString("type"),
            name: try reader.string("name"),
            serverLabel: try reader.string("server_label")
        )
    }

    /// Writes the echo.
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", type)
            if let name { json.member("name", name) }
            if let serverLabel { json.member("server_label", serverLabel) }
        }
    }
}
