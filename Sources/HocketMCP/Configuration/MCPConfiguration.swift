public import Harmony
public import HocketEngine

/// What an operator says of tool servers, read from a JSON file.
///
///     {
///       "mcpServers": {
///         "search": {"url": "https://search.example/mcp",
///                    "headers": {"Authorization": {"env": "SEARCH_TOKEN", "prefix": "Bearer "}}},
///         "files": {"command": "mcp-files", "args": ["--root", "/srv"],
///                   "env": {"KEY": {"file": "/run/secrets/files"}}, "cwd": "/srv"}
///       },
///       "requestURLs": {"allowed": true, "networks": ["10.1.0.0/16"], "plainHTTP": false},
///       "limits": {"callSeconds": 120, "outputTokens": 8192, "rounds": 32},
///       "builtInTools": {"code_interpreter": {"server": "files", "tool": "python"},
///                        "web_search": {"server": "search"}}
///     }
///
/// Everything may be left out; a key that means nothing here is refused, since a misspelt limit
/// is none.
public struct MCPConfiguration: Sendable {
    /// How much is done for the model in one response; nil where nothing was said.
    public struct Loop: Hashable, Sendable {
        /// How often the model may be asked.
        public var rounds: Int?
        /// How many calls are made.
        public var calls: Int?
        /// How many seconds calls may take together with everything else.
        public var seconds: Int?

        /// Creates limits of which nothing was said.
        public init() {}
    }

    /// The servers that requests may name, sorted by label.
    public var servers: [MCPServer] = []
    /// Limits and rules.
    public var options = MCPOptions()
    /// Limits of one response.
    public var loop = Loop()

    /// Which servers stand in for the tools that models were trained with.
    public var builtInTools = BuiltInToolServers()

    /// Creates the configuration of an operator who said nothing.
    public init() {}

    /// Reads a file's contents.
    ///
    /// - Parameters:
    ///   - json: The contents.
    ///   - secrets: Where values that are not in the file come from.
    /// - Throws: ``MCPConfigurationError`` that names the field at fault.
    public init(_ json: JSONValue, secrets: SecretSource) throws(MCPConfigurationError) {
        let reader = try ConfigurationReader(json, at: "")
        try reader.allow(["mcpServers", "requestURLs", "limits", "builtInTools"])
        for (label, value) in try reader.members("mcpServers") {
            servers.append(try MCPServer(label: label, value, secrets))
        }
        if let urls = try reader.object("requestURLs") { try options.read(requestURLs: urls) }
        if let limits = try reader.object("limits") { try read(limits) }
        if let tools = try reader.object("builtInTools") {
            builtInTools = try BuiltInToolServers(tools, servers: Set(servers.map(\.label)))
        }
    }

    private mutating func read(_ limits: ConfigurationReader) throws(MCPConfigurationError) {
        try limits.allow([
            "callSeconds", "listSeconds", "outputTokens", "answerBytes", "connectionsPerServer",
            "sessions", "rounds", "calls", "seconds",
        ])
        try options.read(limits: limits)
        // What a model calls in one round is for its answer in another.
        loop.rounds = try limits.count("rounds", min: 2)
        loop.calls = try limits.count("calls")
        loop.seconds = try limits.count("seconds")
    }
}

extension MCPOptions {
    fileprivate mutating func read(
        requestURLs: ConfigurationReader
    ) throws(MCPConfigurationError) {
        try requestURLs.allow(["allowed", "networks", "plainHTTP"])
        allowsURLsOfRequests = try requestURLs.flag("allowed") ?? true
        addressPolicy.allowsPlainHTTP = try requestURLs.flag("plainHTTP") ?? false
        addressPolicy.allowedNetworks = try requestURLs.strings("networks").map {
            text throws(MCPConfigurationError) in
            guard let network = IPNetwork(text) else {
                throw requestURLs.fault("networks", "'\(text)' is no network such as 10.0.0.0/8")
            }
            return network
        }
    }

    fileprivate mutating func read(limits: ConfigurationReader) throws(MCPConfigurationError) {
        if let seconds = try limits.count("callSeconds") { callTimeMax = .seconds(seconds) }
        if let seconds = try limits.count("listSeconds") { listTimeMax = .seconds(seconds) }
        outputTokensMax = try limits.count("outputTokens") ?? outputTokensMax
        answerBytesMax = try limits.count("answerBytes") ?? answerBytesMax
        connectionsPerServerMax =
            try limits.count("connectionsPerServer") ?? connectionsPerServerMax
        sessionsMax = try limits.count("sessions") ?? sessionsMax
    }
}
