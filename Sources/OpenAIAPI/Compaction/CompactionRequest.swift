import Harmony
public import NIOCore

/// The body of `POST /v1/responses/compact`, checked.
///
/// It becomes a request for an answer that nobody keeps: everything said so far, and at its end the
/// order to sum it up. What it names beyond `model`, `input`, `instructions`,
/// `previous_response_id`, `prompt_cache_key` and `service_tier` is ignored.
public struct CompactionRequest: Sendable {
    /// What the model is asked for.
    fileprivate static let order = """
        The conversation above is to be replaced by a summary of it. Write that summary now, as \
        your answer and without calling any tool, for whoever goes on with the conversation in \
        your place and will see nothing else of it but the user's own messages. Keep what has been \
        decided and done, what tools returned as far as it matters, what is still open, and every \
        name, number, path and constraint that may be needed again.
        """

    /// The same request in the words of the Responses API.
    public private(set) var response: ResponsesRequest
    /// What users said so far, which stays as it is.
    public private(set) var userMessages: [MessageItem] = []

    /// Reads a request's body.
    ///
    /// - Throws: ``APIError`` with status 400 that names the parameter at fault by its path.
    public init(body: ByteBuffer) throws(APIError) {
        let reader = try ParameterReader(JSONValue(requestBody: body), at: "")
        response = ResponsesRequest(
            model: try ResponsesRequest.model(reader),
            input: try ResponsesRequest.input(reader)
        )
        response.instructions = try reader.string("instructions")
        response.previousResponseID = try reader.string("previous_response_id")
        response.labels.promptCacheKey = try reader.string("prompt_cache_key")
        response.serviceTier = try ResponsesRequest.serviceTier(reader)
        response.store = false
        response.input.append(.order)
    }

    /// The same request once everything said before it is known.
    ///
    /// - Parameters:
    ///   - history: What was said before, the oldest first.
    ///   - input: The request's own input, whose references are replaced.
    public func resolved(history: [ResponseItem], input: [ResponseItem]) -> CompactionRequest {
        var request = self
        request.response.input = input
        request.userMessages = (history + input).compactMap { item in
            guard case .message(let message) = item, message.role == .user else { return nil }
            return message
        }
        return request
    }
}

extension ResponseItem {
    /// The order to sum up.
    fileprivate static var order: ResponseItem {
        .message(MessageItem(role: .developer, content: [.inputText(CompactionRequest.order)]))
    }
}
