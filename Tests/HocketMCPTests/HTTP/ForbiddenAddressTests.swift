import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

/// Where a request must not make this host go, tried from end to end.
@Suite struct ForbiddenAddressTests {
    static let urls = [
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/",
        "https://0177.0.0.1/", "https://localhost/", "https://LOCALHOST/", "https://localhost./",
        "https://0.0.0.0/", "https://0/", "https://[::1]/", "https://[::]/",
        "https://[::ffff:127.0.0.1]/", "https://[0:0:0:0:0:ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://10.0.0.1/",
        "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/",
        "https://[fe80::1]/", "https://[fc00::1]/", "https://224.0.0.1/", "https://[ff02::1]/",
        "https://255.255.255.255/", "http://8.8.8.8/", "http://127.0.0.1/",
        "https://user@127.0.0.1/", "https://8.8.8.8@127.0.0.1/", "ftp://8.8.8.8/",
        "https://8.8.8.8#@127.0.0.1/", "https://8.8.8.8\\@127.0.0.1/", "file:///etc/passwd",
    ]

    @Test(arguments: urls)
    func refusesToGoThere(url: String) async throws {
        try await MCPToolCaller.with(options: MCPOptions()) { caller in
            let server = ToolServer(location: .url(url))
            let error = await caller.failure(at: server, timeLimit: .seconds(20))
            // Some systems do not know the old spellings of addresses as host names.
            let expected: [ToolError.Code?] = [.notAllowed, .unreachable]
            #expect(expected.contains(error?.code))
            if error?.code == .unreachable {
                #expect(error?.message == "the server's host name has no address")
            }
        }
    }

    @Test func refusesAllURLsWhenToldTo() async throws {
        var options = MCPOptions.local
        options.allowsURLsOfRequests = false
        try await HostileServer.with(options: options) { (caller, server) async throws in
            #expect(await caller.failure(at: server["batch"])?.code == .notAllowed)
        }
    }

    @Test func connectsToNothingThatIsRefused() async throws {
        try await HostileServer.with(options: MCPOptions()) { (caller, server) async throws in
            #expect(await caller.failure(at: server["batch"])?.code == .notAllowed)
            let named = ToolServer(location: .url("http://localhost:\(server.port)/batch"))
            #expect(await caller.failure(at: named)?.code == .notAllowed)
            #expect(try await server.seen("batch").isEmpty)
        }
    }

    @Test func reachesANameAtTheAddressThatWasChecked() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let named = ToolServer(location: .url("http://localhost:\(server.port)/batch"))
            #expect(try await caller.call("t", at: named).text == "mine")
            let seen = try await server.seen("batch")
            let host = seen.first?["headers"]?["host"]?.string
            #expect(host == "localhost:\(server.port)")
        }
    }

    @Test func doesNotKnowUnconfiguredLabels() async throws {
        try await MCPToolCaller.with { caller in
            let server = ToolServer(location: .configured(label: "nothing"))
            #expect(await caller.failure(at: server)?.code == .unknownServer)
        }
    }
}
