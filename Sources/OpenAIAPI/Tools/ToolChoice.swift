public import Harmony

/// Whether the model may, must or must not call something (RESPONSES.md §6).
public enum ToolChoice: Hashable, Sendable {
    /// A choice among all tools, or among some.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// The model decides.
        case auto
        /// The model must call something.
        case required
    }

    /// The model decides.
    case auto
    /// The model is shown no tools.
    case none
    /// The model must call some tool.
    case required
    /// The model must call this function.
    case function(name: String)
    /// Only these functions are there, and the model may or must call one of them.
    case allowed(Mode, names: [String])
    /// A tool of a kind that this server does not offer.
    case unserved(JSONValue)
}

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
        switch try reader.requiredString("type") {
        case "function": self = .function(name: try reader.requiredString("name"))
        case "allowed_tools": self = try Self.allowed(reader)
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
        let names = try reader.elements("tools") { value, path throws(APIError) in
            try ParameterReader(value, at: path).string("name")
        }
        return .allowed(try reader.choice("mode") ?? .auto, names: names.compactMap(\.self))
    }

    /// Checks that every function it names is there, and that something is, if it must be called.
    func check(against tools: [Tool]) throws(APIError) {
        let functions = tools.compactMap { tool in
            if case .function(let function) = tool { function.name } else { nil }
        }
        switch self {
        case .auto, .none, .unserved: return
        case .required where tools.isEmpty:
            throw .invalidValue("tool_choice", "there are no tools to call.")
        case .required: return
        case .function(let name): try Self.check([name], among: functions)
        case .allowed(_, let names): try Self.check(names, among: functions)
        }
    }

    private static func check(
        _ names: [String],
        among functions: [String]
    ) throws(APIError) {
        guard let missing = names.first(where: { !functions.contains($0) }) else { return }
        throw .invalidValue("tool_choice", "the function '\(missing)' is not among the tools.")
    }

    /// Writes the echo.
    func write(to json: inout JSONWriter) {
        switch self {
        case .auto: json.string("auto")
        case .none: json.string("none")
        case .required: json.string("required")
        case .function(let name): Self.write(functionName: name, to: &json)
        case .allowed(let mode, let names): Self.write(mode, names, to: &json)
        case .unserved(let value): json.value(value)
        }
    }

    private static func write(functionName name: String, to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "function")
            json.member("name", name)
        }
    }

    private static func write(_ mode: Mode, _ names: [String], to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "allowed_tools")
            json.member("mode", mode.rawValue)
            json.member("tools") { json in
                json.array(of: names) { write(functionName: $0, to: &$1) }
            }
        }
    }
}

extension ToolChoice {
    /// Whether the model is shown this function.
    func allows(functionName name: String) -> Bool {
        switch self {
        case .none: false
        case .allowed(_, let names): names.contains(name)
        case .auto, .required, .function, .unserved: true
        }
    }
}
