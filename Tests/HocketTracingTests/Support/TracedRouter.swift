import AsyncHTTPClient
import HocketEngine
import HocketHTTP
import HocketResponses
import HocketTesting
import HocketTracing
import NIOCore
import NIOHTTP1
import NIOPosix

/// A router that listens on a loopback port, over a scripted backend, and tells a collector of its
/// spans.
struct TracedRouter {
    let port: Int

    /// Runs a router while `body` runs, and returns the spans that it made.
    static func run(
        _ backend: ScriptedBackend,
        toolCaller: (any ToolCaller)? = nil,
        sampler: TraceSampler = TraceSampler(),
        _ body: @escaping @Sendable (TracedRouter) async throws -> Void
    ) async throws -> [ReceivedSpan] {
        try await Collector.with { collector in
            let exporter = SpanExporter(to: try collector.endpoint, sampler: sampler)
            try await exporter.export {
                try await serve(backend, toolCaller, exporter.tracer, body)
            }
            return try collector.spans
        }
    }

    private static func serve(
        _ backend: ScriptedBackend,
        _ toolCaller: (any ToolCaller)?,
        _ tracer: RecordingTracer,
        _ body: @escaping @Sendable (TracedRouter) async throws -> Void
    ) async throws {
        let (ports, opened) = AsyncStream.makeStream(of: Int?.self)
        let (running, started) = AsyncStream.makeStream(of: Void.self)
        let store = RecordingStore()
        let background = BackgroundResponses(
            store: store,
            eventLoops: MultiThreadedEventLoopGroup.singleton,
            now: { WallTime(secondsSince1970: 1_760_000_000) },
            onRunning: { started.finish() }
        )
        let front = HTTPFront(
            address: .tcp(host: "127.0.0.1", port: 0),
            service: ResponseService(
                backend: backend,
                store: store,
                background: background,
                tracer: tracer,
                toolCaller: toolCaller,
                surroundings: .seeded()
            ),
            backend: backend,
            startedAt: 1_760_000_000,
            tracer: tracer,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: .silent
        ) { opened.yield($0) }
        try await withThrowingTaskGroup { group in
            group.addTask { try await background.run() }
            for await _ in running {}
            group.addTask { try await front.run() }
            for await port in ports.prefix(1) {
                try await body(TracedRouter(port: port ?? 0))
            }
            group.cancelAll()
        }
    }

    /// Asks for a response, and reads the answer to its end.
    ///
    /// - Returns: the status of the answer.
    @discardableResult
    func post(headers: HTTPHeaders = [:], _ body: String) async throws -> Int {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/responses")
        request.method = .POST
        request.headers = headers
        request.body = .bytes(Array(body.utf8))
        return try await answer(to: request)
    }

    /// Asks for what is at a path, and reads the answer to its end.
    ///
    /// - Returns: the status of the answer.
    @discardableResult
    func get(_ path: String) async throws -> Int {
        try await answer(to: HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)"))
    }

    private func answer(to request: HTTPClientRequest) async throws -> Int {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }

    /// A request for a response.
    static func response(stream: Bool = true, members: String = "") -> String {
        #"{"model":"gpt-oss-20b","input":"PRIVATE","stream":\#(stream)\#(members)}"#
    }
}
