import ArgumentParser
import HocketSimulation
import HocketTransport
import HocketWorker
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// `hocket worker --simulate`: a worker without a model.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker. The one built in simulates a model."
    )

    @Flag(help: "Simulate a model. Workers with one live beside their engine: Deploy/Workers.")
    var simulate = false

    @Option(help: "The router's socket. [$XDG_RUNTIME_DIR/hocket/worker.sock]")
    var socket: String?

    @Option(help: "What operators call this worker; a replacement carries the same name.")
    var name = "simulated"

    @Option(help: "Counts the replacements of one name; the higher one takes the new streams.")
    var generation: UInt64 = 1

    @Option(help: "How much is logged.", transform: Logger.Level.init(flag:))
    var logLevel = Logger.Level.info

    @OptionGroup var simulation: SimulationFlags

    func validate() throws {
        guard simulate else {
            throw ValidationError("The worker built in needs --simulate.")
        }
    }

    func run() async throws {
        let logger = Logger.process("hocket-worker", level: logLevel)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let engine = try simulation.engine()
        let worker = WorkerService(
            path: try SocketPath(socket ?? SocketFolder.standard.workerSocket),
            identity: SystemSurroundings.identity(name: name),
            generation: generation,
            group: group,
            logger: logger
        ) { engine }
        // A worker whose successor has taken its place is done.
        try await ServiceGroup.runUntilSignalled(
            [worker],
            whenOneEnds: .gracefullyShutdownGroup,
            logger: logger
        )
        try await group.shutdownGracefully()
    }
}
