import ArgumentParser
import HocketHTTP
import HocketMCP
import HocketSimulation
import HocketTransport
import HocketWorker
import Logging
import ServiceLifecycle
import SystemPackage

/// `hocket demo`: a router and a simulated worker, to see what the answers look like.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a router with a simulated worker: no model, no GPU, real protocol."
    )

    @Option(help: "The HTTP port on 127.0.0.1.")
    var port: UInt16 = 8080

    @Option(help: "How much is logged.", transform: Logger.Level.init(flag:))
    var logLevel = Logger.Level.warning

    @OptionGroup var simulation: SimulationFlags

    func run() async throws {
        let logger = Logger.process("hocket", level: logLevel)
        let eventLoops = RouterEventLoops(threads: RouterEventLoops.standardThreads)
        let folder = SocketFolder.ofThisProcess
        defer { folder.remove() }
        let workerSocket = try SocketPath(folder.workerSocket)
        try SocketFolder.makeFolder(of: workerSocket)
        let settings = RouterSettings(
            http: .tcp(host: "127.0.0.1", port: Int(port)),
            workerSocket: .path(workerSocket),
            inspectSocket: .path(try SocketPath(folder.inspectSocket)),
            adminSocket: .unix(try SocketPath(folder.adminSocket)),
            allowedUserIDs: [],
            showsContent: true,
            responses: ResponseSettings(place: .memory),
            toolServers: MCPConfiguration(),
            drainTimeout: .seconds(2),
            threads: RouterEventLoops.standardThreads,
            access: AccessSettings(),
            limits: HTTPLimits(),
            logLevel: logLevel
        )
        let model = simulation.model
        let router = try RouterServices(settings, on: eventLoops, logger: logger) { port in
            let greeting = Self.greeting(port: port ?? Int(self.port), model: model, folder: folder)
            // Not print(): who reads a pipe wants the address now, not when a buffer is full. And a
            // demo whose output nobody reads is still a demo.
            _ = try? FileDescriptor.standardOutput.writeAll(greeting.utf8)
        }
        let engine = try simulation.engine()
        let worker = WorkerService(
            path: workerSocket,
            identity: SystemSurroundings.identity(name: "simulated"),
            group: eventLoops.traffic,
            logger: logger
        ) { engine }
        try await ServiceGroup.runUntilSignalled([worker] + router.all, logger: logger)
    }

    private static func greeting(port: Int, model: String, folder: SocketFolder) -> String {
        """
        Hocket listens on http://127.0.0.1:\(port) with a simulated worker (\(model)). Try:

          curl -N http://127.0.0.1:\(port)/v1/responses -H 'Content-Type: application/json' \
        -d '{"model": "\(model)", "input": "Hello!", "stream": true}'

        and watch the frames with:

          hocket tap --socket \(folder.inspectSocket)

        """
    }
}
