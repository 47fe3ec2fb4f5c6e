import ArgumentParser
import Glibc
import HocketCapture
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// `hocket tap`: the frames and messages that cross a running router, as they cross.
struct TapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "Show what goes between a running router, its workers and tool servers.",
        discussion: """
            Prints a line for each frame: time (UTC), worker, direction (→ from the worker, ← to \
            it), type, stream, length, and what the frame says. A message to or from a tool \
            server is a line of type MCP, with the server in the place of the worker. Prompts, \
            tokens and texts are shown as counts, unless the router was started with \
            --inspect-content.
            """
    )

    @Option(help: "The router's inspection socket. [$XDG_RUNTIME_DIR/hocket/inspect.sock]")
    var socket: String?

    @Flag(help: "Print one JSON object a line.")
    var json = false

    @Option(help: "Print only frames of this type, such as SUBMIT or MCP; repeatable.")
    var type: [String] = []

    @Option(help: "Print only the frames of the worker with this name.")
    var worker: String?

    @Option(help: "Print only the messages of the tool server with this label.")
    var server: String?

    func validate() throws {
        _ = try filter
    }

    func run() async throws {
        DescriptorOutput.ignoreBrokenPipes()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let reader = TapReader(
            path: socket ?? SocketFolder.standard.inspectSocket,
            group: group,
            printer: RecordPrinter(style, filter: try filter),
            output: { (lines) throws(CaptureError) in try DescriptorOutput.standard.write(lines) },
            onAttached: Self.greet
        )
        let services = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: reader, successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: .process("hocket-tap", level: .warning)
            )
        )
        try await services.run()
        try await group.shutdownGracefully()
    }

    private var filter: RecordFilter {
        get throws {
            do {
                return try RecordFilter(typeNames: type, worker: worker, server: server)
            } catch {
                throw ValidationError(error.message)
            }
        }
    }

    private var style: RecordPrinter.Style {
        let forbidsColor = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        return json
            ? .json : .columns(isColored: DescriptorOutput.standard.isTerminal && !forbidsColor)
    }

    /// Tells a person, and no program, what is about to be seen.
    private static func greet(_ opening: InspectionOpening) {
        let errors = DescriptorOutput(descriptor: STDERR_FILENO)
        guard errors.isTerminal else { return }
        let content = opening.showsContent ? "content is shown" : "content is withheld"
        try? errors.write(.init(string: "Watching \(opening.build): \(content), times are UTC.\n"))
    }
}
