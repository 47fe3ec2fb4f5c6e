import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import NIOPosix
import OpenAIAPI
import Synchronization

/// A response service over a scripted backend, and a client on an event loop.
struct ServiceBench {
    let backend: ScriptedBackend
    let service: ResponseService
    let eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()

    init(
        _ script: GenerationScript = GenerationScript(Self.answer),
        models: [ModelDescription] = [.test],
        store: (any ResponseStore)? = nil
    ) {
        self.init(ScriptedBackend(models: models, script), store: store)
    }

    init(
        _ backend: ScriptedBackend,
        store: (any ResponseStore)? = nil,
        background: BackgroundResponses? = nil,
        toolCaller: (any ToolCaller)? = nil,
        builtInTools: BuiltInToolServers = BuiltInToolServers(),
        toolLimits: ToolLoopLimits = ToolLoopLimits(),
        timeout: TimeAmount? = nil,
        seed: UInt64 = 1
    ) {
        self.backend = backend
        service = ResponseService(
            backend: backend,
            store: store,
            background: background,
            toolCaller: toolCaller,
            builtInTools: builtInTools,
            toolLimits: toolLimits,
            timeout: timeout,
            surroundings: .seeded(seed)
        )
    }

    /// A bench whose model writes one text in each round, the last one again and again.
    ///
    /// - Parameter seed: another one for each service that uses the same store.
    init(
        rounds: [String],
        toolCaller: any ToolCaller,
        builtInTools: BuiltInToolServers = BuiltInToolServers(),
        toolLimits: ToolLoopLimits = ToolLoopLimits(),
        store: (any ResponseStore)? = nil,
        models: [ModelDescription] = [.test],
        seed: UInt64 = 1
    ) {
        self.init(
            Self.backend(rounds: rounds, models: models),
            store: store,
            toolCaller: toolCaller,
            builtInTools: builtInTools,
            toolLimits: toolLimits,
            seed: seed
        )
    }

    /// A model that writes one text in each round, the last one again and again.
    static func backend(
        rounds: [String],
        models: [ModelDescription] = [.test]
    ) -> ScriptedBackend {
        let next = Mutex(0)
        let scripts = rounds.map { GenerationScript($0) }
        return ScriptedBackend(models: models) { _ in
            next.withLock { next in
                defer { next += 1 }
                return scripts[min(next, scripts.count - 1)]
            }
        }
    }

    /// What a model writes that thinks and then answers, with characters of several tokens.
    static let answer = """
        <|channel|>analysis<|message|>The user greets. Greet back 🙂.<|end|>\
        <|start|>assistant<|channel|>final<|message|>Hello 👋🏽, wörld: ¿qué tal? 你好<|return|>
        """

    /// The answer's text.
    static let answerText = "Hello 👋🏽, wörld: ¿qué tal? 你好"

    static func body(_ members: String = "", stream: Bool = true) -> ByteBuffer {
        ByteBuffer(
            string: #"{"model":"gpt-oss-20b","input":"Hello","stream":\#(stream)\#(members)}"#
        )
    }

    func output(sendsUntilFull: Int? = nil) -> RecordingOutput {
        RecordingOutput(on: eventLoop, sendsUntilFull: sendsUntilFull)
    }

    /// Runs a streamed request to its end.
    func stream(
        _ body: ByteBuffer = Self.body(),
        to output: RecordingOutput? = nil
    ) async throws -> EventTranscript {
        let output = output ?? self.output()
        try await send(body, to: output)
        return try EventTranscript(output.text)
    }

    /// Runs a streamed request to its end.
    func send(
        _ body: ByteBuffer,
        for api: ClientAPI = .responses(.openAI),
        to output: RecordingOutput
    ) async throws {
        let prepared = try await service.prepare(
            body,
            for: api,
            in: RequestEnvelope(id: service.newRequestID())
        )
        try await prepared.stream(to: bound(output))
    }

    /// Runs a request that is not streamed to its end.
    func answer(
        _ body: ByteBuffer = Self.body(stream: false),
        for api: ClientAPI = .responses(.openAI),
        to output: RecordingOutput? = nil
    ) async throws -> JSONValue {
        let client = try await bound(output ?? self.output())
        let prepared = try await service.prepare(
            body,
            for: api,
            in: RequestEnvelope(id: service.newRequestID())
        )
        let object = try await prepared.answer(watching: client)
        return try JSONValue(parsing: String(buffer: object))
    }

    /// The error of a request that is refused before anything is sampled.
    func refusal(
        of body: ByteBuffer,
        for api: ClientAPI = .responses(.openAI)
    ) async throws -> APIError? {
        do {
            _ = try await service.prepare(
                body,
                for: api,
                in: RequestEnvelope(id: service.newRequestID())
            )
            return nil
        } catch let error as APIError {
            return error
        }
    }

    func bound(_ output: RecordingOutput) async throws -> NIOLoopBound<any EventOutput> {
        try await eventLoop.submit {
            NIOLoopBound<any EventOutput>(output, eventLoop: output.eventLoop)
        }.get()
    }
}
