import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import Logging
import NIOCore
import NIOPosix
import OpenAIAPI
import ServiceLifecycle

/// A response service that makes responses in the background, for as long as a test needs it.
struct BackgroundBench {
    let bench: ServiceBench
    let store: any ResponseStore
    /// Ends the service as a signal to the process would.
    let shutDown: @Sendable () -> Void

    var backend: ScriptedBackend { bench.backend }
    var service: ResponseService { bench.service }

    /// Runs a service while `body` runs.
    static func run(
        _ backend: ScriptedBackend,
        store: any ResponseStore = RecordingStore(),
        limits: BackgroundLimits = BackgroundLimits(),
        clock: any Clock<Duration> = ContinuousClock(),
        toolCaller: (any ToolCaller)? = nil,
        timeout: TimeAmount? = nil,
        _ body: (BackgroundBench) async throws -> Void
    ) async throws {
        let (starts, continuation) = AsyncStream.makeStream(of: Void.self)
        let background = BackgroundResponses(
            store: store,
            eventLoops: MultiThreadedEventLoopGroup.singleton,
            limits: limits,
            now: { WallTime(secondsSince1970: 1_760_000_000) },
            clock: clock,
            onRunning: { continuation.finish() }
        )
        let services = ServiceGroup(
            services: [background],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let bench = ServiceBench(
            backend,
            store: store,
            background: background,
            toolCaller: toolCaller,
            timeout: timeout
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await services.run() }
            for await _ in starts {}
            let (ends, end) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                for await _ in ends { await services.triggerGracefulShutdown() }
            }
            try await body(BackgroundBench(bench: bench, store: store) { end.yield() })
            end.finish()
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    static func body(stream: Bool = true, _ members: String = "") -> ByteBuffer {
        ServiceBench.body(#","background":true\#(members)"#, stream: stream)
    }

    /// Asks for a response.
    ///
    /// - Returns: what the client is told at once, and the events if it reads them.
    func begin(
        _ body: ByteBuffer = Self.body(),
        in dialect: ResponseDialect = .openAI
    ) async throws -> (object: JSONValue, events: FollowedResponse) {
        let prepared = try await service.prepare(
            body,
            for: .responses(dialect),
            in: RequestEnvelope(id: service.newRequestID())
        )
        let (object, events) = try await service.begin(prepared)
        return (try JSONValue(parsing: String(buffer: object)), events)
    }

    /// What a stream begins with that has no event to tell yet.
    static let comment = ": waiting\n\n"

    /// Reads events to their end, without the comment before them, if there is one.
    func text(
        of events: FollowedResponse,
        to output: RecordingOutput? = nil
    ) async throws -> String {
        let output = output ?? bench.output()
        try await events.stream(to: bench.bound(output))
        let text = output.text
        return text.hasPrefix(Self.comment) ? String(text.dropFirst(Self.comment.count)) : text
    }

    /// Reads a response's events from the one behind `number` to their end.
    func text(of id: String, after number: Int? = nil) async throws -> String {
        try await text(of: service.follow(id, after: number))
    }

    func stored(_ id: String) async throws -> JSONValue {
        try JSONValue(parsing: String(buffer: await service.storedResponse(id)))
    }

    func cancel(_ id: String) async throws -> JSONValue {
        try JSONValue(parsing: String(buffer: await service.cancelStoredResponse(id)))
    }

    /// The response as it ended.
    func ended(_ id: String) async throws -> JSONValue {
        _ = try await text(of: id)
        return try await stored(id)
    }
}
