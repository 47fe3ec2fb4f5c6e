import ArgumentParser
import Harmony
import HocketConformance
import HocketTransport
import Logging
import NIOCore
import NIOPosix
import SystemPackage

/// `hocket worker-check`: whether a worker, in any language, keeps to the protocol.
struct WorkerCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker-check",
        abstract: "Check a worker against Protos/PROTOCOL.md.",
        discussion: """
            Plays the router. Give --listen a path and let the worker dial it; or give the socket \
            of a worker that listens. Each case has a connection of its own, and says pass, or \
            what the worker did and which section of the protocol says otherwise. The last cases \
            send the worker away for good: all of them are run if a supervisor starts it again, \
            otherwise the first. The exit status is 1 when a case failed.
            """
    )

    @Argument(help: "The socket of a worker that listens.")
    var socket: String?

    @Option(help: "Where to listen for a worker that dials.")
    var listen: String?

    @Option(name: .customLong("case"), help: "Run only the case of this name; repeatable.")
    var cases: [String] = []

    @Option(help: "The model to ask for. [the worker's default]")
    var model = ""

    @Option(help: "Seconds until the worker must have come.")
    var patience = 30

    @Flag(help: "Print one JSON object, at the end.")
    var json = false

    @Flag(help: "List the cases and run none.")
    var list = false

    func validate() throws {
        guard list || (socket == nil) != (listen == nil) else {
            throw ValidationError("Give either the socket of a worker, or --listen PATH.")
        }
        guard patience > 0 else { throw ValidationError("--patience is at least 1.") }
        _ = try selected
    }

    func run() async throws {
        guard !list else { return printCases() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let check = WorkerCheck(
            try approach,
            options: CheckOptions(model: model, arrivalSecondsMax: patience),
            identity: SystemSurroundings.identity(name: "worker-check"),
            group: group,
            logger: .process("worker-check", level: .warning)
        )
        let report = try await check.run(
            try selected,
            onResult: { if !json { Self.say($0.line) } }
        )
        try await group.shutdownGracefully()
        Self.say(json ? report.json.compact : Self.conclusion(report))
        if report.failures > 0 { throw ExitCode.failure }
    }

    private var approach: WorkerCheck.Approach {
        get throws {
            if let listen { return .listen(try SocketPath(listen)) }
            return .dial(try SocketPath(socket ?? ""))
        }
    }

    private var selected: [CheckCase] {
        get throws {
            for name in cases where !CheckCase.all.contains(where: { $0.name == name }) {
                throw ValidationError("There is no case '\(name)'; --list names them.")
            }
            return cases.isEmpty ? CheckCase.all : CheckCase.all.filter { cases.contains($0.name) }
        }
    }

    private func printCases() {
        for each in CheckCase.all { Self.say("\(each.name): \(each.demand) (\(each.section))") }
    }

    private static func conclusion(_ report: CheckReport) -> String {
        let who = report.subject.map { "\($0.name) (\($0.build), \($0.engine))" } ?? "no worker"
        return "\(who): \(report.summary)"
    }

    /// Writes a line at once, unlike print(): who reads a pipe wants to follow.
    private static func say(_ line: String) {
        _ = try? FileDescriptor.standardOutput.writeAll("\(line)\n".utf8)
    }
}
