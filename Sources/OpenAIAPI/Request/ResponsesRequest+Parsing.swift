public import Harmony
public import NIOCore

extension ResponsesRequest {
    /// Reads a request's body.
    ///
    /// - Parameter builtIns: The built-in tools that this server offers.
    /// - Throws: ``APIError`` with status 400 that names the parameter at fault by its path.
    public init(body: ByteBuffer, serving builtIns: Set<BuiltInTool> = []) throws(APIError) {
        try self.init(JSONValue(requestBody: body), serving: builtIns)
    }

    /// Reads a request from a JSON value.
    ///
    /// - Parameter builtIns: The built-in tools that this server offers.
    /// - Throws: ``APIError`` with status 400 that names the parameter at fault by its path.
    public init(_ value: JSONValue, serving builtIns: Set<BuiltInTool> = []) throws(APIError) {
        let reader = try ParameterReader(value, at: "")
        self.init(model: try Self.model(reader), input: try Self.input(reader))
        instructions = try reader.string("instructions")
        try readCourse(reader)
        try readForm(reader)
        try readTools(reader, serving: builtIns)
        try readLabels(reader)
        try checkCombinations()
    }

    /// How the response is made and kept.
    private mutating func readCourse(_ reader: ParameterReader) throws(APIError) {
        stream = try reader.flag("stream", default: stream)
        includesObfuscation = try reader.optional("stream_options", Self.obfuscation) ?? false
        background = try reader.flag("background", default: background)
        store = try reader.flag("store", default: store)
        previousResponseID = try reader.string("previous_response_id")
        conversationID = try reader.optional("conversation", Self.conversationID)
        truncation = try reader.choice("truncation") ?? truncation
    }

    /// What the answer shall be like.
    private mutating func readForm(_ reader: ParameterReader) throws(APIError) {
        include = Set(try reader.elements("include", Self.includeField))
        reasoning = try reader.optional("reasoning", ReasoningOptions.init) ?? reasoning
        text = try reader.optional("text", TextOptions.init) ?? text
        sampling = try SamplingOptions(reader)
        maxOutputTokens = try reader.integer("max_output_tokens", in: 1...Int.max)
    }

    private mutating func readTools(
        _ reader: ParameterReader,
        serving builtIns: Set<BuiltInTool>
    ) throws(APIError) {
        tools = try reader.elements("tools") { value, path throws(APIError) in
            try Tool(value, at: path, serving: builtIns)
        }
        try checkServers()
        toolChoice = try reader.optional("tool_choice", ToolChoice.init(_:at:)) ?? toolChoice
        parallelToolCalls = try reader.flag("parallel_tool_calls", default: parallelToolCalls)
        maxToolCalls = try reader.integer("max_tool_calls", in: 1...Int.max)
    }

    /// So many servers a request may name: each is asked for its tools before the model is.
    private static let serversMax = 16

    private func checkServers() throws(APIError) {
        try checkServerLabels()
        guard servers.count <= Self.serversMax else {
            throw .invalidValue(
                "tools",
                "there are too many MCP servers "
                    + "(max: \(Self.serversMax), actual: \(servers.count))."
            )
        }
    }

    /// Items name a server by its label, which therefore means one server.
    private func checkServerLabels() throws(APIError) {
        var labels: Set<String> = []
        for (index, tool) in tools.enumerated() {
            guard case .mcp(let server) = tool else { continue }
            guard labels.insert(server.serverLabel).inserted else {
                throw .invalidValue(
                    "tools[\(index)].server_label",
                    "'\(server.serverLabel)' is the label of another server too."
                )
            }
        }
    }

    private mutating func readLabels(_ reader: ParameterReader) throws(APIError) {
        metadata = try reader.optional("metadata", Self.metadata) ?? metadata
        labels = try CallerLabels(reader)
        serviceTier = try Self.serviceTier(reader)
    }

    /// The model's name.
    static func model(_ reader: ParameterReader) throws(APIError) -> String {
        let model = try reader.requiredString("model")
        guard !model.isEmpty else { throw .missingParameter("model") }
        return model
    }

    /// The input; it may be left out when there is a conversation to go on with.
    static func input(_ reader: ParameterReader) throws(APIError) -> [ResponseItem] {
        let continues = reader.value("previous_response_id") ?? reader.value("conversation")
        if continues != nil, reader.value("input") == nil { return [] }
        let value = try reader.requiredValue("input")
        if let text = value.string {
            return [.message(MessageItem(role: .user, content: [.inputText(text)]))]
        }
        guard value.array != nil else {
            throw .invalidType("input", expected: "a string or an array", found: value)
        }
        return try ParameterReader.elements(value, at: "input", ResponseItem.init)
    }

    private static func conversationID(
        _ value: JSONValue,
        at path: String
    ) throws(APIError) -> String {
        if let id = value.string { return id }
        return try ParameterReader(value, at: path).requiredString("id")
    }

    private static func obfuscation(_ value: JSONValue, at path: String) throws(APIError) -> Bool {
        try ParameterReader(value, at: path).flag("include_obfuscation", default: false)
    }

    private static func includeField(
        _ value: JSONValue,
        at path: String
    ) throws(APIError) -> IncludeField {
        try ParameterReader.choice(value, at: path)
    }

    /// The tier; `auto` is echoed as the tier it comes to, of which there is one.
    static func serviceTier(_ reader: ParameterReader) throws(APIError) -> String {
        let tier = try reader.string("service_tier") ?? "default"
        return tier == "auto" ? "default" : tier
    }

    private func checkCombinations() throws(APIError) {
        if previousResponseID != nil, conversationID != nil {
            throw .invalidValue(
                "conversation",
                "it cannot be used together with 'previous_response_id'."
            )
        }
        if background, !store {
            throw .invalidValue("background", "it needs 'store' to be true.")
        }
        try toolChoice.check(against: tools)
    }
}

extension ResponsesRequest.CallerLabels {
    /// Reads the labels.
    init(_ reader: ParameterReader) throws(APIError) {
        user = try reader.string("user")
        safetyIdentifier = try reader.string("safety_identifier")
        promptCacheKey = try reader.string("prompt_cache_key")
    }
}

extension JSONValue {
    /// Parses a request's body.
    init(requestBody body: ByteBuffer) throws(APIError) {
        do {
            self = try JSONValue(parsing: body.readableBytesUInt8Span)
        } catch {
            throw .invalidJSON(error)
        }
    }
}
