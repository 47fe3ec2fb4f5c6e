import AsyncHTTPClient
import HocketEngine
import NIOHTTP1

/// A server at the other end of HTTP: where it is, and what every request to it carries.
struct HTTPPeer: Sendable {
    let url: ServerURL
    let options: HTTPOptions
    let time: Timekeeper
    private let credentials: CredentialHeaders
    private let policy: AddressPolicy
    private let resolver: HostResolver

    init(
        url: ServerURL,
        credentials: CredentialHeaders,
        policy: AddressPolicy,
        options: HTTPOptions,
        time: Timekeeper
    ) {
        self.url = url
        self.credentials = credentials
        self.policy = policy
        self.options = options
        self.time = time
        resolver = HostResolver(group: options.group, connectLimit: options.connectLimit)
    }

    /// Looks the server up and checks its addresses; connections are made as they are needed.
    ///
    /// - Throws: ``ToolError`` `unreachable`, `notAllowed`, or `cancelled`.
    func client() async throws(ToolError) -> PinnedClient {
        let addresses = try await resolver.addresses(of: url)
        try policy.check(addresses, isPlain: url.isPlain)
        let address = try await resolver.reachable(among: addresses, port: url.port)
        return PinnedClient(url: url, address: address, options: options)
    }

    /// A request without a body.
    ///
    /// - Parameters:
    ///   - url: of the same origin; nil for the server's own.
    ///   - accept: which content types its answer may have.
    func request(
        _ method: HTTPMethod,
        to url: ServerURL? = nil,
        accept: String,
        revision: ProtocolRevision?
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: (url ?? self.url).text)
        request.method = method
        request.headers = credentials.fields
        if !request.headers.contains(name: "user-agent") {
            request.headers.add(name: "user-agent", value: options.userAgent)
        }
        request.headers.add(name: "accept", value: accept)
        if let revision {
            request.headers.add(name: "mcp-protocol-version", value: revision.rawValue)
        }
        return request
    }
}

extension HTTPClientRequest {
    /// Gives the request a message as its body.
    mutating func carry(_ message: JSONRPCMessage) {
        headers.add(name: "content-type", value: "application/json")
        body = .bytes(message.bytes)
    }

    /// Tells the server which span asks (W3C Trace Context); a caller may have done so itself.
    mutating func carry(_ trace: TraceContext) {
        guard !headers.contains(name: "traceparent") else { return }
        headers.add(name: "traceparent", value: trace.traceParent)
        guard !trace.state.text.isEmpty else { return }
        headers.replaceOrAdd(name: "tracestate", value: trace.state.text)
    }
}
