import Harmony

/// Limits of, and rules for, everything that has to do with MCP servers.
public struct MCPOptions: Sendable {
    /// Whether a request may bring the URL of a server along.
    public var allowsURLsOfRequests = true
    /// Which addresses such a server may have.
    public var addressPolicy = AddressPolicy()
    /// How long a call may take, from its start and whatever the server sends meanwhile.
    public var callTimeMax = Duration.seconds(120)
    /// How long listing a server's tools may take, from its start.
    public var listTimeMax = Duration.seconds(30)
    /// How long a server may take to say which revision it speaks, before it is taken for one
    /// that is too old to be asked.
    public var probeTimeMax = Duration.seconds(10)
    /// How long a list of tools is used again if the server does not say.
    public var listFreshness = Duration.seconds(60)
    /// How many servers that requests bring along are kept at most, each with its connections.
    ///
    /// The same server with other credentials counts again. As many are kept of those that the
    /// operator configured and requests gave credentials for, and all that need none.
    public var sessionsMax = 128
    /// How long a server is kept that nobody uses; a program is then told to end.
    public var sessionIdleMax = Duration.seconds(600)
    /// How many connections one server has at most; more calls wait, each for its own limit.
    public var connectionsPerServerMax = 16
    /// How many bytes one answer may have as sent.
    ///
    /// It bounds time, not memory: long strings are shortened while they arrive. Many servers send
    /// everything twice, as text and as structured content, so 50 MB of output are over 100.
    public var answerBytesMax = 256 << 20
    /// How many tokens of an answer the model is shown.
    public var outputTokensMax = 8192
    /// Counts tokens; by default the model's own.
    public var countTokens: @Sendable (String) -> Int = { Tokenizer().encode($0).count }
    /// Files with certificates in PEM that are trusted besides those that the system trusts.
    public var additionalTrustRoots: [String] = []
    /// The version that this client tells servers.
    public var clientVersion = "0"

    /// Creates options with their defaults.
    public init() {}
}
