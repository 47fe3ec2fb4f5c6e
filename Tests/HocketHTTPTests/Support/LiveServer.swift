import HocketHTTP
import HocketResponses
import HocketTesting
import Logging
import NIOCore
import NIOPosix
import Testing

/// An HTTP front that really listens, over a scripted backend.
struct LiveServer {
    /// Where it listens, and on how many event loops.
    struct Options: Sendable, CustomTestStringConvertible {
        var isUnix = false
        var eventLoops = 1
        var access = HTTPAccess()
        var limits = HTTPLimits()
        var keepAliveInterval = TimeAmount.seconds(15)

        static let all = [
            Options(),
            Options(eventLoops: 2),
            Options(isUnix: true),
        ]

        var testDescription: String {
            "\(isUnix ? "Unix socket" : "TCP"), \(eventLoops) event loop(s)"
        }
    }

    let backend: ScriptedBackend
    let store: RecordingStore
    let address: SocketAddress

    // Shared by all tests and never shut down: a server's last objects may outlive its run.
    private static let oneLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private static let twoLoops = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    /// When the server says it started.
    static let startedAt = 1_760_000_000

    /// Runs a server while `body` runs.
    static func run(
        _ backend: ScriptedBackend,
        _ options: Options = Options(),
        _ body: (LiveServer) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = folder.file("http.sock")
        let (ports, continuation) = AsyncStream.makeStream(of: Int?.self)
        let store = RecordingStore()
        let (started, starts) = AsyncStream.makeStream(of: Void.self)
        let background = BackgroundResponses(
            store: store,
            eventLoops: options.eventLoops == 1 ? oneLoop : twoLoops,
            now: { WallTime(secondsSince1970: startedAt) },
            onRunning: { starts.finish() }
        )
        let registry = PrometheusRegistry()
        let front = HTTPFront(
            address: options.isUnix ? unixAddress(path) : .tcp(host: "127.0.0.1", port: 0),
            service: ResponseService(
                backend: backend,
                store: store,
                background: background,
                metrics: ResponseMetrics(factory: registry),
                surroundings: .seeded()
            ),
            backend: backend,
            startedAt: startedAt,
            access: options.access,
            limits: options.limits,
            registry: registry,
            keepAliveInterval: options.keepAliveInterval,
            group: options.eventLoops == 1 ? oneLoop : twoLoops,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { continuation.yield($0) }
        try await withThrowingTaskGroup { group in
            group.addTask { try await background.run() }
            for await _ in started {}
            group.addTask { try await front.run() }
            for await port in ports.prefix(1) {
                let address = try port.map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
                try await body(
                    LiveServer(
                        backend: backend,
                        store: store,
                        address: address ?? SocketAddress(unixDomainSocketPath: path)
                    )
                )
            }
            group.cancelAll()
        }
    }

    /// Connects a client to it.
    ///
    /// - Parameter first: sent as soon as there is a connection.
    func connect(sending first: String = "") async throws -> RawConnection {
        try await .connect(to: address, sending: first)
    }

    /// Asks one thing over a connection of its own.
    func answer(to request: String, method: String = "POST") async throws -> WireResponse {
        let client = try await connect()
        try await client.send(request)
        let response = try await client.response(to: method)
        // The server may have closed it already, if it answered that it would.
        do { try await client.close() } catch ChannelError.alreadyClosed {}
        return response
    }

    private static func unixAddress(_ path: String) -> HTTPAddress {
        guard let address = HTTPAddress("unix:\(path)") else {
            preconditionFailure("\(path) is no address")
        }
        return address
    }
}
