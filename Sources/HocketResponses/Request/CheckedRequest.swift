import NIOCore
import OpenAIAPI

/// A request that says what it must, in the words of the API it came by.
enum CheckedRequest: Sendable {
    case response(ResponsesRequest, ResponseDialect)
    case chat(ChatRequest)

    /// Reads a request's body.
    init(body: ByteBuffer, api: ClientAPI) throws(APIError) {
        switch api {
        case .responses(let dialect):
            self = .response(try ResponsesRequest(body: body), dialect)
        case .chatCompletions:
            self = .chat(try ChatRequest(body: body))
        }
    }

    /// The same request in the words of the Responses API.
    var request: ResponsesRequest {
        switch self {
        case .response(let request, _): request
        case .chat(let chat): chat.response
        }
    }

    /// The request with other input; a chat has none that could be replaced.
    func replacingInput(with items: [ResponseItem]) -> CheckedRequest {
        guard case .response(var request, let dialect) = self else { return self }
        request.input = items
        return .response(request, dialect)
    }

    /// Whether the answer can be retrieved and continued later; completions are never kept, since
    /// nothing here retrieves them.
    var isStored: Bool {
        switch self {
        case .response(let request, _): request.store
        case .chat: false
        }
    }

    /// The vocabulary of the answer's events; a chat's chunks have none.
    var dialect: ResponseDialect {
        switch self {
        case .response(_, let dialect): dialect
        case .chat: .openAI
        }
    }

    /// Whether an answer that is not streamed tells of its own failure; a completion has no words
    /// for that.
    var hasFailedObject: Bool {
        switch self {
        case .response: true
        case .chat: false
        }
    }

    /// The machine that makes the answer.
    func machine(
        model: String,
        tools: ToolCatalog,
        identifiers: ResponseIdentifiers,
        createdAt: Int,
        seal: ReasoningSeal
    ) -> ResponseEventMachine {
        switch self {
        case .response(let request, let dialect):
            ResponseEventMachine(
                request: request,
                model: model,
                tools: tools,
                identifiers: identifiers,
                createdAt: createdAt,
                options: .init(isStreaming: request.stream, dialect: dialect),
                seal: seal
            )
        case .chat(let chat):
            ResponseEventMachine(
                chat: chat,
                model: model,
                tools: tools,
                identifiers: identifiers,
                createdAt: createdAt
            )
        }
    }
}
