import NIOCore
import OpenAIAPI

/// A request that says what it must, in the words of the API it came by.
enum CheckedRequest: Sendable {
    case response(ResponsesRequest, ResponseDialect)
    case chat(ChatRequest)
    case compaction(CompactionRequest)

    /// Reads a request's body.
    ///
    /// - Parameter builtIns: the built-in tools that are offered; a chat has none.
    init(
        body: ByteBuffer,
        api: ClientAPI,
        serving builtIns: Set<BuiltInTool>
    ) throws(APIError) {
        switch api {
        case .responses(let dialect):
            self = .response(try ResponsesRequest(body: body, serving: builtIns), dialect)
        case .responseMessages(let dialect):
            self = .response(try ResponsesRequest(message: body, serving: builtIns), dialect)
        case .chatCompletions:
            self = .chat(try ChatRequest(body: body))
        case .compactions:
            self = .compaction(try CompactionRequest(body: body))
        }
    }

    /// The same request in the words of the Responses API.
    var request: ResponsesRequest {
        switch self {
        case .response(let request, _): request
        case .chat(let chat): chat.response
        case .compaction(let compaction): compaction.response
        }
    }

    /// The request once everything said before it is known; a chat says all itself.
    ///
    /// - Parameters:
    ///   - history: What was said before, the oldest first.
    ///   - input: The request's own input, whose references are replaced.
    func resolved(history: [ResponseItem], input: [ResponseItem]) -> CheckedRequest {
        switch self {
        case .response(var request, let dialect):
            request.input = input
            return .response(request, dialect)
        case .chat: return self
        case .compaction(let compaction):
            return .compaction(compaction.resolved(history: history, input: input))
        }
    }

    /// Whether the answer can be retrieved and continued later; completions and compactions are
    /// never kept, since nothing here retrieves them.
    var isStored: Bool {
        switch self {
        case .response(let request, _): request.store
        case .chat, .compaction: false
        }
    }

    /// The vocabulary of the answer's events; others than responses have none.
    var dialect: ResponseDialect {
        switch self {
        case .response(_, let dialect): dialect
        case .chat, .compaction: .openAI
        }
    }

    /// Whether an answer that is not streamed tells of its own failure; completions and compactions
    /// have no words for that.
    var hasFailedObject: Bool {
        switch self {
        case .response: true
        case .chat, .compaction: false
        }
    }

    /// Whether an answer that a limit cut off is as good as none.
    var isNothingInPart: Bool {
        if case .compaction = self { true } else { false }
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
        case .compaction(let compaction):
            ResponseEventMachine(
                compaction: compaction,
                identifiers: identifiers,
                createdAt: createdAt,
                seal: seal
            )
        }
    }
}
