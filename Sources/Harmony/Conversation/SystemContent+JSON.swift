extension SystemContent {
    init(_ fields: JSONFields) throws(ShapeError) {
        self.init(
            modelIdentity: try fields.optionalString("model_identity"),
            reasoningEffort: try ReasoningEffort(field: "reasoning_effort", of: fields),
            tools: try ToolNamespace.map(field: "tools", of: fields),
            conversationStartDate: try fields.optionalString("conversation_start_date"),
            knowledgeCutoff: try fields.optionalString("knowledge_cutoff"),
            channelConfig: try ChannelConfig(field: "channel_config", of: fields)
        )
    }

    var json: JSONValue {
        var object: JSONObject = ["type": "system_content"]
        object["model_identity"] = modelIdentity.map(JSONValue.string)
        object["reasoning_effort"] = (reasoningEffort?.referenceName).map(JSONValue.string)
        object["tools"] = tools.isEmpty ? nil : ToolNamespace.json(of: tools)
        object["conversation_start_date"] = conversationStartDate.map(JSONValue.string)
        object["knowledge_cutoff"] = knowledgeCutoff.map(JSONValue.string)
        object["channel_config"] = channelConfig?.json
        return .object(object)
    }
}

extension ReasoningEffort {
    /// The name in the reference's JSON form, which differs from the one the model reads.
    fileprivate var referenceName: String {
        switch self {
        case .low: "Low"
        case .medium: "Medium"
        case .high: "High"
        }
    }

    fileprivate init?(field name: String, of fields: JSONFields) throws(ShapeError) {
        guard let text = try fields.optionalString(name) else { return nil }
        guard let effort = Self.allCases.first(where: { $0.referenceName == text }) else {
            throw ShapeError(path: name, problem: "'\(text)' is not Low, Medium or High")
        }
        self = effort
    }
}

extension ChannelConfig {
    fileprivate init?(field name: String, of fields: JSONFields) throws(ShapeError) {
        guard let value = try fields.optional(name) else { return nil }
        self = try reading(name) { () throws(ShapeError) in try ChannelConfig(shape: value) }
    }

    private init(shape json: JSONValue) throws(ShapeError) {
        let fields = try JSONFields(json)
        validChannels = try fields.requiredArray("valid_channels") { (value) throws(ShapeError) in
            Channel(rawValue: try value.expectString())
        }
        let required = try fields.required("channel_required")
        guard case .bool(let isRequired) = required else {
            throw required.isNot("a boolean").inside("channel_required")
        }
        isChannelRequired = isRequired
    }

    fileprivate var json: JSONValue {
        [
            "valid_channels": .array(validChannels.map { .string($0.rawValue) }),
            "channel_required": .bool(isChannelRequired),
        ]
    }
}
