import ArgumentParser
import Logging
import ServiceLifecycle

/// `hocket serve`: the router.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the router: workers dial its socket, clients ask over HTTP."
    )

    @OptionGroup var options: RouterOptions

    func run() async throws {
        let settings = try await options.resolved()
        let logger = Logger.process("hocket", level: settings.logLevel)
        let eventLoops = RouterEventLoops(threads: settings.threads)
        let router = try RouterServices(settings, on: eventLoops, logger: logger)
        try await ServiceGroup.runUntilSignalled(router.all, logger: logger)
    }
}
