import Foundation
import Harmony
import HocketEngine
import Logging
import Testing

@testable import HocketMCP

@Suite(.serialized) struct StdioServerTests {
    private static let server = ToolServer(location: .configured(label: "program"))

    private func with(
        _ behaviour: String,
        options: MCPOptions = MCPOptions(),
        log: Recorder<String> = Recorder(),
        _ body: @escaping @Sendable (MCPToolCaller) async throws -> Void
    ) async throws {
        let command = StdioCommand(
            executable: "/usr/bin/python3",
            arguments: [try PythonServer.script("rude_program.py"), behaviour],
            environment: ["PATH": "/usr/bin:/bin"]
        )
        try await with(command, options: options, log: log, body)
    }

    private func with(
        _ command: StdioCommand,
        options: MCPOptions = MCPOptions(),
        log: Recorder<String> = Recorder(),
        _ body: @escaping @Sendable (MCPToolCaller) async throws -> Void
    ) async throws {
        let program = MCPServer(label: "program", connection: .stdio(command))
        let logger = Logger(label: "test") { _ in RecordingLogHandler(recorder: log) }
        try await MCPToolCaller.with(servers: [program], options: options, logger: logger, body)
    }

    private static func isAlive(_ process: String) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        return status.map { !$0.contains("State:\tZ") } ?? false
    }

    @Test
    func usesProgramsOfTheOfficialSDKs() async throws {
        for environment in PythonServer.Environment.allCases {
            let command = StdioCommand(
                executable: environment.python,
                arguments: [try PythonServer.script("tool_server.py"), "stdio"],
                environment: ["ONLY": "this"]
            )
            try await with(command) { (caller) async throws in
                let server = Self.server
                #expect(try await caller.tools(of: server).count == PythonServer.toolCount)
                #expect(try await caller.call("echo", #"{"text":"é"}"#, at: server).text == "é")
                let huge = try await caller.call("huge", #"{"megabytes":20}"#, at: server)
                #expect(huge.text.hasPrefix("first xxx"))
                #expect(huge.text.hasSuffix("xxx last"))
                let environment = try await caller.call("environment", at: server).text
                #expect(environment.split(separator: " ").contains("ONLY"))
                #expect(!environment.split(separator: " ").contains("HOME"))
                #expect(await caller.failure(calling: "die", at: server)?.code == .unreachable)
                #expect(try await caller.call("echo", #"{"text":"2"}"#, at: server).text == "2")
            }
        }
    }

    @Test(arguments: ["plain", "sessions", "noise", "wrong-id", "flood-log", "die-of-probe"])
    func getsAlongWith(behaviour: String) async throws {
        try await with(behaviour) { (caller) async throws in
            // One that dies of the probe is asked in the old way the next time.
            if behaviour == "die-of-probe" { _ = await caller.failure(at: Self.server) }
            let first = try await caller.call("t", at: Self.server).text
            #expect(try await caller.call("t", at: Self.server).text == first)
            #expect(Self.isAlive(first))
        }
    }

    @Test func saysHowAProgramEnded() async throws {
        try await with("exit-at-once") { (caller) async throws in
            let error = await caller.failure(at: Self.server, timeLimit: .seconds(10))
            #expect(error?.code == .unreachable)
            #expect(error?.message.contains("3") == true)
        }
    }

    @Test func saysThatAProgramIsNotThere() async throws {
        try await with(StdioCommand(executable: "/nowhere/nothing")) { (caller) async throws in
            let error = await caller.failure(at: Self.server, timeLimit: .seconds(10))
            #expect(error?.code == .unreachable)
            #expect(error?.message.contains("cannot be started") == true)
        }
    }

    @Test func restsBetweenStartsOfAProgramThatEndsAtOnce() async throws {
        try await with("exit-at-once") { (caller) async throws in
            var messages: [String] = []
            for _ in 0..<4 {
                let error = await caller.failure(at: Self.server, timeLimit: .seconds(10))
                messages.append(error?.message ?? "")
            }
            #expect(messages.last?.contains("started again in") == true)
        }
    }

    @Test func startsAKilledProgramAgain() async throws {
        try await with("plain") { (caller) async throws in
            let first = try await caller.call("t", at: Self.server).text
            kill(try #require(Int32(first)), SIGKILL)
            var second = first
            for _ in 0..<100 where second == first {
                second = (try? await caller.call("t", at: Self.server).text) ?? first
            }
            #expect(second != first)
            #expect(!Self.isAlive(first))
        }
    }

    @Test func timesOutAndTellsTheProgram() async throws {
        let log = Recorder<String>()
        try await with("hang", log: log) { (caller) async throws in
            let error = await caller.failure(at: Self.server, timeLimit: .seconds(2))
            #expect(error?.code == .timedOut)
            for _ in 0..<200 where !log.values.contains(where: { $0.hasPrefix("cancelled") }) {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(log.values.contains { $0.hasPrefix("cancelled 2") && $0.contains("program") })
        }
    }

    @Test func takesASilentProgramForAnOldOne() async throws {
        var options = MCPOptions()
        options.probeTimeMax = .milliseconds(300)
        try await with("silent-probe", options: options) { (caller) async throws in
            let first = try await caller.call("t", at: Self.server).text
            #expect(Self.isAlive(first))
        }
    }

    @Test func startsAStuckProgramAgain() async throws {
        let mark = FileManager.default.temporaryDirectory.path + "/hocket-mcp-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: mark) }
        let command = StdioCommand(
            executable: "/usr/bin/python3",
            arguments: [try PythonServer.script("rude_program.py"), "stuck", mark]
        )
        try await with(command) { (caller) async throws in
            for _ in 0..<3 {
                let error = await caller.failure(at: Self.server, timeLimit: .milliseconds(500))
                #expect(error?.code == .timedOut)
            }
            _ = try await caller.call("t", at: Self.server)
        }
    }

    @Test func failsTheCallWhenOutputIsClosed() async throws {
        try await with("close-output") { (caller) async throws in
            let error = await caller.failure(at: Self.server, timeLimit: .seconds(20))
            #expect(error?.code == .unreachable)
        }
    }

    @Test func survivesALineThatIsTooLarge() async throws {
        try await with("huge-line") { (caller) async throws in
            let error = await caller.failure(at: Self.server, timeLimit: .seconds(60))
            #expect(error?.code == .tooLarge)
        }
    }

    @Test func endsWhateverAProgramStarted() async throws {
        let child = Recorder<String>()
        try await with("child") { (caller) async throws in
            child.record(try await caller.call("t", at: Self.server).text)
        }
        let process = try #require(child.values.first)
        for _ in 0..<100 where Self.isAlive(process) {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(!Self.isAlive(process))
    }

    @Test func endsAProgramThatDoesNotWantTo() async throws {
        let start = ContinuousClock.now
        try await with("ignore-sigterm") { (caller) async throws in
            _ = await caller.failure(at: Self.server, timeLimit: .seconds(2))
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func endsAProgramThatNobodyUses() async throws {
        var options = MCPOptions()
        options.sessionIdleMax = .milliseconds(400)
        try await with("plain", options: options) { (caller) async throws in
            let first = try await caller.call("t", at: Self.server).text
            for _ in 0..<200 where Self.isAlive(first) {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(!Self.isAlive(first))
            let second = try await caller.call("t", at: Self.server).text
            #expect(second != first)
        }
    }

    /// In a process of its own, where nobody else opens descriptors meanwhile.
    @Test func leavesNoProcessesAndDescriptorsBehind() async {
        await #expect(processExitsWith: .success) {
            let tests = StdioServerTests()
            func descriptors() throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            }
            let processes = Recorder<String>()
            // The first run opens what stays, such as the event loops' descriptors.
            var before = 0
            for run in 0...12 {
                try await tests.with("plain") { (caller) async throws in
                    processes.record(try await caller.call("t", at: Self.server).text)
                }
                if run == 0 { before = try descriptors() }
            }
            try #require(try descriptors() == before)
            try #require(Set(processes.values).count == 13)
            for process in processes.values {
                try #require(!FileManager.default.fileExists(atPath: "/proc/\(process)"))
            }
        }
    }
}
