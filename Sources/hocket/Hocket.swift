import ArgumentParser

/// The one binary; each subcommand parses flags, composes services and runs them.
@main
struct Hocket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hocket",
        abstract: "A worker bridge for gpt-oss models on one GPU host.",
        discussion: """
            Workers dial the router's Unix socket and stream token ids; the router relays them to \
            HTTP clients as OpenAI Responses API events.
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, WorkerCommand.self, DemoCommand.self, TapCommand.self,
            WorkersCommand.self, WorkerCheckCommand.self, HarmonyCommand.self,
        ]
    )
}

/// The software's version.
enum Version {
    static let current = "0.1.0"
    static let build = "hocket \(current)"
}
