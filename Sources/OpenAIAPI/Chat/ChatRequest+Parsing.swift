public import Harmony
public import NIOCore

extension ChatRequest {
    /// Reads a request's body.
    ///
    /// - Throws: ``APIError`` with status 400 that names the parameter at fault by its path.
    public init(body: ByteBuffer) throws(APIError) {
        try self.init(JSONValue(requestBody: body))
    }

    /// Reads a request from a JSON value.
    ///
    /// - Throws: ``APIError`` with status 400 that names the parameter at fault by its path.
    public init(_ value: JSONValue) throws(APIError) {
        let reader = try ParameterReader(value, at: "")
        let model = try ResponsesRequest.model(reader)
        var request = ResponsesRequest(model: model, input: try Self.items(reader))
        request.inputParameter = "messages"
        try Self.readForm(reader, into: &request)
        try Self.readTools(reader, into: &request)
        try Self.checkChoiceCount(reader)
        response = request
        includesUsage =
            try reader.optional("stream_options") { value, path throws(APIError) in
                try ParameterReader(value, at: path).flag("include_usage", default: false)
            } ?? false
    }

    private static func items(_ reader: ParameterReader) throws(APIError) -> [ResponseItem] {
        let messages = try reader.required("messages") { value, path throws(APIError) in
            try ParameterReader.elements(value, at: path, ChatMessage.init)
        }
        guard !messages.isEmpty else {
            throw .invalidValue("messages", "there must be at least one message.")
        }
        return messages.flatMap(\.items)
    }

    private static func readForm(
        _ reader: ParameterReader,
        into request: inout ResponsesRequest
    ) throws(APIError) {
        request.stream = try reader.flag("stream", default: false)
        request.store = try reader.flag("store", default: false)
        request.sampling = try SamplingOptions(reader)
        try readLogprobs(reader, into: &request)
        request.reasoning.effort = try reader.choice("reasoning_effort")
        request.text.verbosity = try reader.choice("verbosity") ?? .medium
        request.text.format =
            try reader.optional("response_format", TextFormat.init(chat:at:)) ?? .text
        let olderLimit = try reader.integer("max_tokens", in: 1...Int.max)
        request.maxOutputTokens =
            try reader.integer("max_completion_tokens", in: 1...Int.max) ?? olderLimit
        request.metadata =
            try reader.optional("metadata", ResponsesRequest.metadata) ?? JSONObject()
        request.labels = try ResponsesRequest.CallerLabels(reader)
    }

    /// As at OpenAI, alternatives are told only of tokens whose own probability is.
    private static func readLogprobs(
        _ reader: ParameterReader,
        into request: inout ResponsesRequest
    ) throws(APIError) {
        if try reader.flag("logprobs", default: false) {
            request.include = [.outputTextLogprobs]
            request.includeParameter = "logprobs"
        } else if request.sampling.topLogprobs > 0 {
            throw .invalidValue("top_logprobs", "it needs 'logprobs' to be true.")
        }
    }

    private static func readTools(
        _ reader: ParameterReader,
        into request: inout ResponsesRequest
    ) throws(APIError) {
        request.tools = try reader.elements("tools", Tool.init(chat:at:))
        request.toolChoice =
            try reader.optional("tool_choice", ToolChoice.init(chat:at:)) ?? .auto
        request.parallelToolCalls = try reader.flag("parallel_tool_calls", default: true)
        try request.toolChoice.check(against: request.tools)
    }

    /// One answer is all there is; asking for more and getting one would be a silent surprise.
    private static func checkChoiceCount(_ reader: ParameterReader) throws(APIError) {
        guard let count = try reader.integer("n", in: 1...Int.max), count > 1 else { return }
        throw .invalidValue("n", "only one choice is served (max: 1, actual: \(count)).")
    }
}
