import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import NIOPosix
import OpenAIAPI

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
        background: BackgroundResponses? = nil
    ) {
        self.backend = backend
        service = ResponseService(
            backend: backend,
            store: store,
            background: background,
            surroundings: .seeded()
        )
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
            requestID: service.newRequestID()
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
            requestID: service.newRequestID()
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
            _ = try await service.prepare(body, for: api, requestID: service.newRequestID())
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
