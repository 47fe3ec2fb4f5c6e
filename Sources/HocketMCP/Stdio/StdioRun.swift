import HocketEngine
import Logging
import Subprocess
import SystemPackage

/// One run of a program, from its start to the end of everything that it started.
///
/// The program leads a process group of its own. It is told to end by the end of its input, then
/// by SIGTERM, then by SIGKILL (2026-07-28, stdio: Shutdown); the last two go to the group, so
/// that nothing outlives it.
struct StdioRun: Sendable {
    let server: StdioServer

    /// How the run ended.
    struct End: Sendable {
        var wasAsked: Bool
        var error: ToolError
    }

    /// How long the program may take to end after each of the two milder hints.
    private static let graceLimit = Duration.seconds(2)

    private static let teardown: [TeardownStep] = [
        .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: graceLimit)
    ]

    /// Starts the program and waits for its end.
    func end() async -> End {
        let connection = StdioConnection(limits: server.limits)
        let end: End
        do {
            let result = try await Subprocess.run(
                configuration,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                server.started(connection)
                return await carry(connection, execution)
            }
            end = End(wasAsked: result.closureResult, error: Self.error(result.terminationStatus))
        } catch {
            end = End(wasAsked: false, error: Self.error(starting: server.command, error))
        }
        connection.ended(end.error)
        return end
    }

    private var configuration: Subprocess.Configuration {
        let command = server.command
        var platform = PlatformOptions()
        platform.processGroupID = 0
        platform.teardownSequence = Self.teardown
        let variables = command.environment.compactMap { name, value in
            Environment.Key(rawValue: name).map { ($0, value) }
        }
        let isPath = command.executable.contains("/")
        return Subprocess.Configuration(
            executable: isPath
                ? .path(FilePath(command.executable)) : .name(command.executable),
            arguments: Arguments(command.arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
            workingDirectory: command.workingDirectory.map { FilePath($0) },
            platformOptions: platform
        )
    }
}

extension StdioRun {
    private typealias Running = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    /// What may happen while a program runs.
    private enum Event {
        case outputEnded, stopAsked, graceOver, other
    }

    /// Carries bytes both ways until the program has ended, or has to.
    ///
    /// - Returns: whether it was told to end.
    private func carry(_ connection: StdioConnection, _ execution: Running) async -> Bool {
        await withTaskGroup(of: Event.self) { group in
            group.addTask { await read(connection, execution) }
            group.addTask { await log(execution) }
            group.addTask { await write(connection, execution) }
            group.addTask {
                // Being cancelled means the same as being asked.
                try? await connection.stop.value()
                return .stopAsked
            }
            let wasAsked = await waitForEnd(&group, execution)
            server.ending()
            // Readers end only when nobody can write any more, so that comes first. The group is
            // killed while its leader is not reaped yet, and its number nobody else's.
            await execution.teardown(using: Self.teardown)
            try? execution.send(signal: .kill, toProcessGroup: true)
            group.cancelAll()
            return wasAsked
        }
    }

    private func waitForEnd(_ group: inout TaskGroup<Event>, _ execution: Running) async -> Bool {
        var wasAsked = false
        for await event in group {
            switch event {
            case .outputEnded, .graceOver: return wasAsked
            case .stopAsked:
                wasAsked = true
                try? await execution.standardInputWriter.finish()
                group.addTask {
                    try? await server.time.sleep(Self.graceLimit)
                    return .graceOver
                }
            case .other: break
            }
        }
        return wasAsked
    }

    private func read(_ connection: StdioConnection, _ execution: Running) async -> Event {
        do {
            for try await buffer in execution.standardOutput {
                connection.received([UInt8](buffer).span)
            }
        } catch {
            server.logger.debug("output of a tool server broke", metadata: ["cause": "\(error)"])
        }
        return .outputEnded
    }

    private func log(_ execution: Running) async -> Event {
        var reader = LogLineReader()
        do {
            for try await buffer in execution.standardError {
                for line in reader.read([UInt8](buffer).span, at: server.time.now()) {
                    server.logger.info("\(server.secrets.masked(line))")
                }
            }
        } catch {
            server.logger.debug("log of a tool server broke", metadata: ["cause": "\(error)"])
        }
        return .other
    }

    private func write(_ connection: StdioConnection, _ execution: Running) async -> Event {
        do {
            for await line in connection.outbox {
                _ = try await execution.standardInputWriter.write(line)
            }
        } catch {
            server.logger.debug("input of a tool server broke", metadata: ["cause": "\(error)"])
        }
        return .other
    }
}

extension StdioRun {
    private static func error(_ status: TerminationStatus) -> ToolError {
        ToolError(code: .unreachable, message: "the server's program ended (\(status))")
    }

    private static func error(starting command: StdioCommand, _ error: any Error) -> ToolError {
        ToolError(
            code: .unreachable,
            message: "the server's program '\(command)' cannot be started",
            diagnosis: "\(error)"
        )
    }
}

extension Array where Element == UInt8 {
    fileprivate init(_ buffer: SubprocessOutputSequence.Buffer) {
        self = unsafe buffer.bytes.withUnsafeBytes { unsafe Array($0) }
    }
}
