import AsyncHTTPClient
import NIOCore
import NIOSSL
import Synchronization

/// An HTTP client that reaches one server at one address, and nothing else.
///
/// The address was checked by the policy, and the client never looks the name up again: whatever
/// the name's owner answers later, connections go where the policy allowed them to. Redirects
/// are not followed. TLS still checks the name.
final class PinnedClient: Sendable {
    private struct State {
        var users = 0
        var isRetired = false
    }

    private let client: HTTPClient
    private let state = Mutex(State())

    /// - Parameters:
    ///   - url: whose host is reached.
    ///   - address: where it is reached.
    init(url: ServerURL, address: IPAddress, options: HTTPOptions) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(options.connectLimit))
        )
        configuration.dnsOverride = [url.host: address.description]
        configuration.tlsConfiguration = options.tls
        // A connection for each running call: ending one ends the call, and no other.
        configuration.httpVersion = .http1Only
        configuration.connectionPool = .init(
            idleTimeout: TimeAmount(options.idleConnectionLimit),
            concurrentHTTP1ConnectionsPerHostSoftLimit: options.connectionsMax
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroup: options.group, configuration: configuration)
    }

    /// Sends a request and uses its answer; the client lives at least as long.
    func execute<Value>(
        _ request: HTTPClientRequest,
        _ body: (HTTPClientResponse) async throws -> Value
    ) async throws -> Value {
        state.withLock { $0.users += 1 }
        do {
            // The deadline is the caller's affair, who cancels.
            let response = try await client.execute(request, deadline: .distantFuture)
            let value = try await body(response)
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    /// Ends the client as soon as nobody uses it.
    func retire() async {
        let isIdle = state.withLock { state in
            defer { state.isRetired = true }
            return !state.isRetired && state.users == 0
        }
        if isIdle { await shutDown() }
    }

    private func leave() async {
        let isLast = state.withLock { state in
            state.users -= 1
            return state.isRetired && state.users == 0
        }
        if isLast { await shutDown() }
    }

    private func shutDown() async {
        // It fails only when it was shut down before, which `isRetired` rules out.
        try? await client.shutdown()
    }
}
