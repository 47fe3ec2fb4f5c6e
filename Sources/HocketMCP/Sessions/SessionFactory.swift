import CoreMetrics
import HocketEngine
import Logging
import NIOCore
import NIOSSL

/// Makes the conversations with servers, each over the transport that it wants.
struct SessionFactory: Sendable {
    private enum Target: Sendable {
        case http(url: String, headers: [ToolServer.Header])
        case program(StdioServer)
    }

    private let targets: [String: Target]
    private let options: MCPOptions
    private let sessionOptions: SessionOptions
    private let httpOptions: HTTPOptions
    private let tap: (any ToolMessageTap)?
    /// Counts what servers do.
    let metrics: ToolMetrics
    private let logger: Logger

    init(
        servers: [MCPServer],
        options: MCPOptions,
        group: any EventLoopGroup,
        time: Timekeeper,
        tap: (any ToolMessageTap)? = nil,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        logger: Logger
    ) {
        self.options = options
        self.tap = tap
        let metrics = ToolMetrics(factory: metrics, labels: Set(servers.map(\.label)))
        self.metrics = metrics
        self.logger = logger
        sessionOptions = SessionOptions(options, time: time)
        httpOptions = HTTPOptions(options, group: group)
        let arrival = httpOptions.arrival
        let targets = servers.map { server in
            let target: Target =
                switch server.connection {
                case .http(let url, let headers): .http(url: url, headers: headers)
                case .stdio(let command):
                    .program(
                        StdioServer(
                            command: command,
                            limits: arrival,
                            time: time,
                            metrics: metrics.server(labelled: server.label),
                            logger: Self.logger(logger, of: server.label)
                        )
                    )
                }
            return (server.label, target)
        }
        self.targets = Dictionary(uniqueKeysWithValues: targets)
    }

    /// The programs among the servers, to be run.
    var programs: [StdioServer] {
        targets.values.compactMap { target in
            if case .program(let server) = target { server } else { nil }
        }
    }

    /// What tells conversations apart: a program is the same for all, whatever their credentials.
    func identity(of server: ToolServer) -> ToolServer {
        guard case .configured(let label) = server.location, case .program = targets[label] else {
            return server
        }
        return ToolServer(location: server.location)
    }

    /// A conversation with a server, not opened yet.
    ///
    /// - Parameter number: tells it from all others of this process.
    /// - Throws: ``ToolError`` `unknownServer` or `notAllowed`.
    func session(of server: ToolServer, number: UInt32) throws(ToolError) -> ServerSession {
        let (transport, secrets) = try transport(to: server)
        return ServerSession(
            transport: transport,
            options: sessionOptions,
            secrets: secrets,
            tap: SessionTap(tap: tap, server: server.description, session: number),
            metrics: metrics.server(server),
            logger: Self.logger(logger, of: server.description.shownInTerminal)
        )
    }

    private static func logger(_ logger: Logger, of server: String) -> Logger {
        var logger = logger
        logger[metadataKey: "server"] = "\(server)"
        return logger
    }
}

extension SessionFactory {
    /// What carries messages to a server, and the secrets that go with them.
    private typealias Carrier = (any MessageTransport, KnownSecrets)

    private func transport(to server: ToolServer) throws(ToolError) -> Carrier {
        switch server.location {
        case .url(let url):
            guard options.allowsURLsOfRequests else {
                throw ToolError(
                    code: .notAllowed,
                    message: "requests may not bring the URL of a tool server along"
                )
            }
            return try http(url, server, options.addressPolicy)
        case .configured(let label):
            switch targets[label] {
            case .program(let program): return (StdioTransport(server: program), program.secrets)
            case .http(let url, let headers):
                // The operator's fields come last, so that they win.
                var server = server
                server.headers += headers
                return try http(url, server, .configuredByOperator)
            case nil:
                throw ToolError(
                    code: .unknownServer,
                    message: "no tool server is configured as '\(label)'"
                )
            }
        }
    }

    private func http(
        _ url: String,
        _ server: ToolServer,
        _ policy: AddressPolicy
    ) throws(ToolError) -> Carrier {
        let url = try ServerURL(url)
        let credentials = try CredentialHeaders(server)
        let peer = HTTPPeer(
            url: url,
            credentials: credentials,
            policy: policy,
            options: httpOptions(of: server),
            time: sessionOptions.time
        )
        return (
            HTTPFallbackTransport(peer: peer), KnownSecrets(credentials.secrets + url.queryValues)
        )
    }

    private func httpOptions(of server: ToolServer) -> HTTPOptions {
        var options = httpOptions
        let metrics = metrics.server(server)
        options.arrival.onLeftOut = { metrics.leftOut(bytes: $0) }
        return options
    }
}

extension SessionOptions {
    fileprivate init(_ options: MCPOptions, time: Timekeeper) {
        self.init(
            identity: .init(name: "hocket", version: options.clientVersion),
            probeLimit: options.probeTimeMax,
            callLimit: options.callTimeMax,
            listLimit: options.listTimeMax,
            farewellLimit: .seconds(1),
            listFreshness: options.listFreshness,
            cap: OutputCap(tokensMax: options.outputTokensMax, countTokens: options.countTokens),
            time: time
        )
    }
}

extension HTTPOptions {
    fileprivate init(_ options: MCPOptions, group: any EventLoopGroup) {
        self.init(group: group, tls: nil, userAgent: "hocket/\(options.clientVersion)")
        arrival.arrivalBytesMax = options.answerBytesMax
        connectionsMax = options.connectionsPerServerMax
        guard !options.additionalTrustRoots.isEmpty else { return }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.additionalTrustRoots = options.additionalTrustRoots.map { .file($0) }
        self.tls = tls
    }
}
