import Foundation
import HocketEngine
import Testing

@testable import HocketMCP

/// TLS checks the name in the URL, although the client connects to an address.
@Suite(.serialized) struct TLSTests {
    private func call(
        host: String,
        trustsServer: Bool
    ) async throws -> (text: String?, error: ToolError?) {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hocket-mcp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path
        return try await PythonServer.withPort(of: "hostile_server.py", ["--tls", path]) { port in
            var options = MCPOptions.local
            if trustsServer { options.additionalTrustRoots = [path + "/certificate.pem"] }
            return try await MCPToolCaller.with(options: options) { caller in
                let server = ToolServer(location: .url("https://\(host):\(port)/batch"))
                do throws(ToolError) {
                    return (try await caller.call("t", at: server).text, nil)
                } catch {
                    return (nil, error)
                }
            }
        }
    }

    @Test func reachesAServerThatIsTrusted() async throws {
        #expect(try await call(host: "localhost", trustsServer: true).text == "mine")
    }

    @Test func refusesAServerThatIsNotTrusted() async throws {
        #expect(try await call(host: "localhost", trustsServer: false).error?.code == .unreachable)
    }

    @Test func refusesAServerOfAnotherName() async throws {
        #expect(try await call(host: "127.0.0.1", trustsServer: true).error?.code == .unreachable)
    }
}
