import Harmony

/// One of a chat request's messages, as the items it stands for.
struct ChatMessage {
    /// The items: an assistant's message may be reasoning, text and calls at once.
    let items: [ResponseItem]

    /// Reads a message.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        let role = try reader.requiredString("role")
        switch role {
        case "user": items = [try Self.message(reader, .user)]
        case "system": items = [try Self.message(reader, .system)]
        case "developer": items = [try Self.message(reader, .developer)]
        case "assistant": items = try Self.assistant(reader)
        case "tool": items = [try Self.toolResult(reader)]
        default:
            let roles = ["developer", "system", "user", "assistant", "tool"]
            throw .invalidChoice(reader.path(of: "role"), role, of: roles)
        }
    }

    private static func message(
        _ reader: ParameterReader,
        _ role: MessageRole
    ) throws(APIError) -> ResponseItem {
        let content = try reader.required("content", content)
        return .message(MessageItem(role: role, content: content))
    }

    private static func toolResult(_ reader: ParameterReader) throws(APIError) -> ResponseItem {
        .functionCallOutput(
            FunctionCallOutputItem(
                callID: try reader.requiredString("tool_call_id"),
                output: try reader.required("content", content)
            )
        )
    }

    /// What the model said, in the order in which it says such things.
    ///
    /// Text beside calls is what it said on the way to them.
    private static func assistant(_ reader: ParameterReader) throws(APIError) -> [ResponseItem] {
        let calls = try reader.elements("tool_calls", call)
        var items: [ResponseItem] = []
        let olderReasoning = try reader.string("reasoning_content")
        if let reasoning = try reader.string("reasoning") ?? olderReasoning, !reasoning.isEmpty {
            items.append(.reasoning(ReasoningItem(content: [reasoning])))
        }
        let parts = try reader.optional("content", outputContent) ?? []
        if !parts.isEmpty {
            let phase: MessagePhase = calls.isEmpty ? .finalAnswer : .commentary
            items.append(.message(MessageItem(role: .assistant, phase: phase, content: parts)))
        }
        return items + calls
    }

    private static func call(_ value: JSONValue, at path: String) throws(APIError) -> ResponseItem {
        let reader = try ParameterReader(value, at: path)
        let id = try reader.requiredString("id")
        let function = try reader.required("function", ParameterReader.init)
        return .functionCall(
            FunctionCallItem(
                callID: id,
                name: try CallableName(function),
                arguments: try function.requiredString("arguments")
            )
        )
    }

    private static func outputContent(
        _ value: JSONValue,
        at path: String
    ) throws(APIError) -> [ContentPart] {
        if let text = value.string { return text.isEmpty ? [] : [.outputText(text)] }
        return try content(value, at: path)
    }

    private static func content(
        _ value: JSONValue,
        at path: String
    ) throws(APIError) -> [ContentPart] {
        if let text = value.string { return [.inputText(text)] }
        guard value.array != nil else {
            throw .invalidType(path, expected: "a string or an array", found: value)
        }
        return try ParameterReader.elements(value, at: path, part)
    }

    private static func part(_ value: JSONValue, at path: String) throws(APIError) -> ContentPart {
        let reader = try ParameterReader(value, at: path)
        let type = try reader.requiredString("type")
        switch type {
        case "text": return .inputText(try reader.requiredString("text"))
        case "refusal": return .refusal(try reader.requiredString("refusal"))
        case "image_url": return .inputImage(reader.object)
        case "file", "input_audio": return .inputFile(reader.object)
        default:
            let types = ["text", "refusal", "image_url", "file", "input_audio"]
            throw .invalidChoice(reader.path(of: "type"), type, of: types)
        }
    }
}
