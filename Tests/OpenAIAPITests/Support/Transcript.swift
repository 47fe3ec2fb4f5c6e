import Harmony
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// A response being told by a test: facts go in as a model and a worker would bring them.
struct Transcript {
    static let createdAt = 1_760_000_000

    var machine: ResponseEventMachine
    /// What the stream must keep to, nil if there is none.
    private let grammar: Grammar?
    private var written = ByteBuffer()

    private enum Grammar {
        case response(ResponseDialect)
        case chat
    }

    init(
        _ body: String = #"{"model":"gpt-oss-20b","input":"Hello","stream":true}"#,
        dialect: ResponseDialect = .openAI,
        isStreaming: Bool = true,
        serving builtIns: Set<BuiltInTool> = [],
        seal: ReasoningSeal? = nil
    ) throws {
        grammar = isStreaming ? .response(dialect) : nil
        let request = try ResponsesRequest(body: ByteBuffer(string: body), serving: builtIns)
        machine = ResponseEventMachine(
            request: request,
            model: request.model,
            tools: ToolCatalog(request),
            identifiers: .fixed,
            createdAt: Self.createdAt,
            options: .init(isStreaming: isStreaming, dialect: dialect),
            seal: seal
        )
    }

    /// A chat completion.
    init(chat body: String) throws {
        let request = try ChatRequest(body: ByteBuffer(string: body))
        grammar = request.stream ? .chat : nil
        machine = ResponseEventMachine(
            chat: request,
            model: request.response.model,
            tools: ToolCatalog(request.response),
            identifiers: .fixed,
            createdAt: Self.createdAt
        )
    }

    /// Everything written so far, as text.
    var events: String {
        var copy = self
        copy.flush()
        return String(buffer: copy.written)
    }

    /// The types of all events so far, `[DONE]` included.
    var types: [String] {
        events.split(separator: "\n").compactMap { line in
            if line == "data: [DONE]" { return "[DONE]" }
            return line.hasPrefix("event: ") ? String(line.dropFirst("event: ".count)) : nil
        }
    }

    /// The data of all events so far.
    var data: [JSONValue] {
        get throws {
            try events.split(separator: "\n").compactMap { line in
                guard line.hasPrefix("data: {") else { return nil }
                return try JSONValue(parsing: String(line.dropFirst("data: ".count)))
            }
        }
    }

    /// The response as it stands.
    var response: JSONValue {
        get throws {
            try JSONValue(parsing: String(buffer: machine.responseObject))
        }
    }

    /// Starts the response and lists the tools of its servers.
    mutating func start(
        listing tools: [String: [MCPListToolsItem.Tool]],
        of body: String,
        serving builtIns: Set<BuiltInTool> = []
    ) throws {
        let request = try ResponsesRequest(body: ByteBuffer(string: body), serving: builtIns)
        machine.responseStarted()
        for server in request.servers {
            machine.listingStarted(server.serverLabel)
            machine.listingFinished(tools[server.serverLabel] ?? [])
        }
        machine.toolsOffered(ToolCatalog(request, listings: tools))
    }

    /// Starts the response and its first round.
    mutating func start(promptTokens: Int = 70) {
        machine.responseStarted()
        machine.roundStarted(promptTokens: promptTokens)
    }

    /// A message of the model: its pieces are one token each, its end another, its header three.
    mutating func say(
        _ pieces: [String],
        on channel: Harmony.Channel,
        to recipient: Recipient? = nil,
        end: HarmonyMessageEnd = .end
    ) {
        for _ in 0..<3 { machine.tokenReceived() }
        machine.messageStarted(
            HarmonyHeader(role: .assistant, channel: channel, recipient: recipient)
        )
        for piece in pieces {
            machine.tokenReceived()
            machine.textReceived(piece.utf8.span)
        }
        if end != .endOfStream { machine.tokenReceived() }
        machine.messageEnded(end)
    }

    /// Takes what was written, as a server does after each read.
    mutating func flush() {
        let output = machine.withOutput { output in
            defer { output.clear() }
            return output
        }
        written.writeImmutableBuffer(output)
    }

    /// Ends the round and the response, and checks the whole stream against the grammar.
    mutating func finish(
        _ end: ResponseEventMachine.RoundEnd = .stop,
        cachedTokens: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        machine.roundFinished(end, cachedTokens: cachedTokens)
        machine.responseFinished(at: Self.createdAt + 2)
        checkGrammar(sourceLocation: sourceLocation)
    }

    /// The worker was lost.
    mutating func fail(_ message: String, sourceLocation: SourceLocation = #_sourceLocation) {
        machine.responseFailed(ResponseError(code: .serverError, message: message))
        checkGrammar(sourceLocation: sourceLocation)
    }

    /// The caller went away.
    mutating func cancel(sourceLocation: SourceLocation = #_sourceLocation) {
        machine.responseCancelled()
        checkGrammar(sourceLocation: sourceLocation)
    }

    private func checkGrammar(sourceLocation: SourceLocation) {
        switch grammar {
        case .response(let dialect)?:
            let faults = EventGrammar.faults(in: events, dialect: dialect)
            #expect(faults.isEmpty, sourceLocation: sourceLocation)
        case .chat?:
            let faults = ChatGrammar.faults(in: events)
            #expect(faults.isEmpty, sourceLocation: sourceLocation)
        case nil: break
        }
    }
}
