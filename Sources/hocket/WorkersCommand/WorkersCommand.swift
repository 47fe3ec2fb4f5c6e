import ArgumentParser

/// `hocket workers`: what those who run a router see and change.
struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers",
        abstract: "List a running router's workers; describe, drain, resume and weigh them.",
        discussion: """
            Without a subcommand it lists. A worker is chosen by its name; what is done to it holds \
            for the generation that is attached, except for its weight, which successors keep.
            """,
        subcommands: [
            ListWorkersCommand.self, DescribeWorkerCommand.self, DrainWorkerCommand.self,
            ResumeWorkerCommand.self, WeighWorkerCommand.self,
        ],
        defaultSubcommand: ListWorkersCommand.self
    )
}

/// `hocket workers list`.
struct ListWorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the attached workers."
    )

    @OptionGroup var admin: AdminOptions

    func run() async throws {
        try await admin.showWorkers()
    }
}

/// `hocket workers describe NAME`.
struct DescribeWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Ask a worker what it has to say of itself, in JSON."
    )

    @Argument(help: "The worker's name.")
    var name: String

    @OptionGroup var admin: AdminOptions

    func run() async throws {
        try await admin.describe(name)
    }
}

/// `hocket workers drain NAME`.
struct DrainWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Hold new streams back from a worker; those that run go on."
    )

    @Argument(help: "The worker's name.")
    var name: String

    @OptionGroup var admin: AdminOptions

    func run() async throws {
        try await admin.change(name, "drain")
    }
}

/// `hocket workers resume NAME`.
struct ResumeWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let new streams go to a drained worker again."
    )

    @Argument(help: "The worker's name.")
    var name: String

    @OptionGroup var admin: AdminOptions

    func run() async throws {
        try await admin.change(name, "resume")
    }
}

/// `hocket workers weight NAME PERCENT`.
struct WeighWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weight",
        abstract: "Set a worker's share of new streams, in percent of what it would get."
    )

    @Argument(help: "The worker's name.")
    var name: String

    @Argument(help: "1 to 1000; 100 is what a worker has unless told otherwise.")
    var percent: Int

    @OptionGroup var admin: AdminOptions

    func run() async throws {
        try await admin.change(name, "weight", body: "{\"weight\":\(percent)}")
    }
}
