import ArgumentParser
import Configuration
import Glibc
import HocketEngine
import HocketHTTP
import HocketMCP
import HocketTransport
import Logging
import NIOCore
import SystemPackage

/// How a router is run: a flag wins over the environment, the environment over the file.
struct RouterOptions: ParsableArguments {
    @Option(help: "Where HTTP is served: HOST:PORT or unix:PATH. [127.0.0.1:8080]")
    var http: String?

    @Option(help: "The socket that workers dial. [$XDG_RUNTIME_DIR/hocket/worker.sock]")
    var socket: String?

    @Option(help: "The socket to watch the traffic on. [$XDG_RUNTIME_DIR/hocket/inspect.sock]")
    var inspectSocket: String?

    @Option(help: "The socket of hocket workers. [admin.sock beside the workers' socket]")
    var adminSocket: String?

    @Option(help: "User ids whose workers are let in besides the router's own; repeatable.")
    var allowUid: [UInt32] = []

    @Flag(help: "Let those who watch the traffic see prompts and answers.")
    var inspectContent = false

    @Option(help: "How many threads serve clients and workers, an event loop each. [1]")
    var threads: Int?

    @OptionGroup(title: "Access") var access: AccessOptions

    @OptionGroup(title: "Limits") var limits: LimitOptions

    @Option(
        help: """
            An SQLite file to keep responses in, or `memory`, which keeps the newest until the \
            router ends. [$XDG_STATE_HOME/hocket/responses.sqlite]
            """
    )
    var store: String?

    @OptionGroup(title: "Responses") var responses: ResponseOptions

    @Option(help: "A JSON file of the tool servers that requests may name. [none]")
    var mcpConfig: String?

    @Option(help: "How many seconds streams may take to end when the router is stopped. [30]")
    var drainTimeout: Int?

    @Option(
        help: "How many seconds a worker's engine may owe a step until it counts as hung. [60]"
    )
    var engineStallTimeout: Int?

    @OptionGroup var placement: PlacementOptions

    @OptionGroup(title: "Tracing") var tracing: TracingOptions

    @Option(help: "A JSON file of settings, {\"hocket\": {\"http\": …}}. [none]")
    var config: String?

    @Option(help: "How much is logged: trace, debug, info, notice, warning, error. [info]")
    var logLevel: String?

    /// The settings that hold, each from the flag, `HOCKET_…` in the environment, or the file.
    ///
    /// A socket that the service manager passed takes the place of the one of its name.
    func resolved() async throws -> RouterSettings {
        let reader = try await reader()
        let manager = try ServiceManager()
        let folder = SocketFolder.standard
        let access = try access.resolved(reader)
        let level = logLevel ?? reader.string(forKey: "logLevel", default: "info")
        return RouterSettings(
            http: try httpAddress(manager, access, reader),
            workerSocket: try source(
                manager.worker,
                socket ?? reader.string(forKey: "socket", default: folder.workerSocket),
                // Who has no business there is told by the kernel's word, not by the mode.
                mode: allowUid.isEmpty ? 0o600 : 0o666
            ),
            inspectSocket: try source(
                manager.inspect,
                inspectSocket
                    ?? reader.string(forKey: "inspectSocket", default: folder.inspectSocket)
            ),
            adminSocket: try adminAddress(manager, reader),
            allowedUserIDs: allowUid,
            showsContent: inspectContent || reader.bool(forKey: "inspectContent", default: false),
            responses: try responses.resolved(
                reader,
                in: StorePlace(
                    store
                        ?? reader.string(forKey: "store", default: StateFolder.standard.responses)
                )
            ),
            toolServers: try (mcpConfig ?? reader.string(forKey: "mcpConfig")).map {
                try MCPConfiguration(path: $0)
            } ?? MCPConfiguration(),
            drainTimeout: .seconds(
                try reader.count(drainTimeout, "drainTimeout", "--drain-timeout", 30)
            ),
            times: try times(reader),
            placement: try placement.resolved(reader),
            notifier: manager.notifier,
            threads: try reader.count(
                threads,
                "threads",
                "--threads",
                RouterEventLoops.standardThreads
            ),
            access: access,
            limits: try limits.resolved(reader),
            tracing: try tracing.resolved(reader),
            logLevel: try Logger.Level(flag: level)
        )
    }

    private func times(_ reader: ConfigReader) throws -> ConnectionTimes {
        var times = ConnectionTimes()
        let standard = Int(times.engineStallTimeout.nanoseconds / 1_000_000_000)
        let seconds = try reader.count(
            engineStallTimeout,
            "engineStallTimeout",
            "--engine-stall-timeout",
            standard
        )
        times.engineStallTimeout = .seconds(Int64(seconds))
        return times
    }

    private func httpAddress(
        _ manager: ServiceManager,
        _ access: AccessSettings,
        _ reader: ConfigReader
    ) throws -> HTTPAddress {
        let text = http ?? reader.string(forKey: "http", default: "127.0.0.1:8080")
        guard let address = manager.http.map(HTTPAddress.inherited) ?? HTTPAddress(text) else {
            throw ValidationError("--http is HOST:PORT or unix:PATH, not '\(text)'.")
        }
        guard address.isLocal || access.keyFile != nil else {
            throw ValidationError(
                "--http \(address) is reachable from other machines, and nothing checks who asks. "
                    + "Name a file of keys with --api-keys, or serve on a loopback address."
            )
        }
        return address
    }

    private func adminAddress(
        _ manager: ServiceManager,
        _ reader: ConfigReader
    ) throws -> HTTPAddress {
        if let inherited = manager.admin { return .inherited(inherited) }
        // A second router, whose workers dial elsewhere, is asked elsewhere too.
        let folder = SocketFolder(of: socket ?? reader.string(forKey: "socket"))
        let path = try SocketPath(
            adminSocket ?? reader.string(forKey: "adminSocket", default: folder.adminSocket)
        )
        try SocketFolder.makeFolder(of: path)
        return .unix(path)
    }

    private func source(
        _ inherited: InheritedSocket?,
        _ path: String,
        mode: mode_t = 0o600
    ) throws -> SocketSource {
        if let inherited { return .inherited(inherited) }
        let path = try SocketPath(path)
        try SocketFolder.makeFolder(of: path)
        return .path(path, mode: mode)
    }

    private func reader() async throws -> ConfigReader {
        let environment = EnvironmentVariablesProvider()
        guard let config else {
            return ConfigReader(provider: environment).scoped(to: "hocket")
        }
        let file = try await FileProvider<JSONSnapshot>(filePath: FilePath(config))
        return ConfigReader(providers: [environment, file]).scoped(to: "hocket")
    }
}
