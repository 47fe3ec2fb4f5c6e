import Harmony
import NIOCore
import OpenAIAPI
import Testing

/// Servers as callers declare them.
@Suite struct MCPToolTests {
    private func request(_ tools: String, _ members: String = "") throws -> ResponsesRequest {
        let body = #"{"model":"m","input":"x","tools":\#(tools)\#(members)}"#
        return try ResponsesRequest(body: ByteBuffer(string: body))
    }

    private func server(_ members: String) throws -> MCPTool {
        let request = try request(#"[{"type":"mcp","server_label":"s"\#(members)}]"#)
        return try #require(request.servers.first)
    }

    private static let reader = MCPListToolsItem.Tool(
        name: "read",
        inputSchema: [:],
        annotations: ["readOnlyHint": true]
    )
    private static let writer = MCPListToolsItem.Tool(name: "write", inputSchema: [:])

    @Test func findsAServerByItsURLItsConnectorOrItsLabel() throws {
        let url = #","server_url":"https://h.example/mcp""#
        #expect(try server(url).location == .url("https://h.example/mcp"))
        #expect(try server(#","connector_id":"c""#).location == .configured(name: "c"))
        #expect(try server("").location == .configured(name: "s"))
    }

    @Test func refusesMoreServersThanMayBeAskedForOneRequest() throws {
        func tools(_ count: Int) -> String {
            let servers = (0..<count).map { #"{"type":"mcp","server_label":"s\#($0)"}"# }
            return "[\(servers.joined(separator: ","))]"
        }
        #expect(try request(tools(16)).servers.count == 16)
        let error = #expect(throws: APIError.self) { try request(tools(17)) }
        #expect(error?.httpStatus == 400)
        #expect(error?.param == "tools")
        #expect(error?.message.contains("(max: 16, actual: 17)") == true)
    }

    @Test func keepsHeadersAndTheTokenToItself() throws {
        let server = try server(#","headers":{"X-Key":"k1"},"authorization":"a1""#)
        #expect(server.headers.map(\.name) == ["X-Key"])
        #expect(server.headers.map(\.value.value) == ["k1"])
        #expect(server.authorization?.value == "a1")
        var dumped = ""
        dump(server, to: &dumped)
        for text in [dumped, "\(server)", String(reflecting: server)] {
            #expect(!text.contains("k1") && !text.contains("a1"))
        }
    }

    @Test(arguments: [
        (#","require_approval":"never""#, false, false),
        (#","require_approval":"always""#, true, true),
        ("", true, true),
        (#","require_approval":{"never":{"read_only":true}}"#, false, true),
        (#","require_approval":{"never":{"tool_names":["write"]}}"#, true, false),
        (#","require_approval":{"always":{"tool_names":["write"]}}"#, true, true),
        (
            #","require_approval":{"always":{"tool_names":["read"]},"never":{"read_only":true}}"#,
            true, true
        ),
    ])
    func asksBeforeTheCallsThatTheCallerNames(
        members: String,
        reads: Bool,
        writes: Bool
    ) throws {
        let approval = try server(members).approval
        #expect(approval.isNeeded(for: Self.reader) == reads)
        #expect(approval.isNeeded(for: Self.writer) == writes)
    }

    @Test(arguments: [
        (#"["read"]"#, true, false), ("[]", false, false), (#"{"read_only":true}"#, true, false),
        (#"{"read_only":false}"#, false, true), (#"{"tool_names":["write"]}"#, false, true),
        (#"{"tool_names":["write"],"read_only":true}"#, false, false),
    ])
    func allowsToolsByNameAndByWhatTheyDo(filter: String, reads: Bool, writes: Bool) throws {
        let filter = try #require(try server(#","allowed_tools":\#(filter)"#).allowedTools)
        #expect(filter.matches(Self.reader) == reads)
        #expect(filter.matches(Self.writer) == writes)
    }

    @Test(arguments: [
        (#"[{"type":"mcp"}]"#, "tools[0].server_label"),
        (#"[{"type":"mcp","server_label":""}]"#, "tools[0].server_label"),
        (
            #"[{"type":"mcp","server_label":"s"},{"type":"mcp","server_label":"s"}]"#,
            "tools[1].server_label"
        ),
        (#"[{"type":"mcp","server_label":"s","server_url":"ftp://h"}]"#, "tools[0].server_url"),
        (#"[{"type":"mcp","server_label":"s","server_url":7}]"#, "tools[0].server_url"),
        (
            #"[{"type":"mcp","server_label":"s","server_url":"https://h","connector_id":"c"}]"#,
            "tools[0].connector_id"
        ),
        (#"[{"type":"mcp","server_label":"s","tunnel_id":"t"}]"#, "tools[0].tunnel_id"),
        (#"[{"type":"mcp","server_label":"s","headers":["a"]}]"#, "tools[0].headers"),
        (#"[{"type":"mcp","server_label":"s","headers":{"a":1}}]"#, "tools[0].headers.a"),
        (
            #"[{"type":"mcp","server_label":"s","headers":{"authorization":"x"},"authorization":"y"}]"#,
            "tools[0].authorization"
        ),
        (#"[{"type":"mcp","server_label":"s","allowed_tools":"a"}]"#, "tools[0].allowed_tools"),
        (#"[{"type":"mcp","server_label":"s","allowed_tools":[1]}]"#, "tools[0].allowed_tools[0]"),
        (#"[{"type":"mcp","server_label":"s","allowed_tools":{}}]"#, "tools[0].allowed_tools"),
        (
            #"[{"type":"mcp","server_label":"s","require_approval":"maybe"}]"#,
            "tools[0].require_approval"
        ),
        (
            #"[{"type":"mcp","server_label":"s","require_approval":{}}]"#,
            "tools[0].require_approval"
        ),
        (
            #"[{"type":"mcp","server_label":"s","require_approval":{"never":{}}}]"#,
            "tools[0].require_approval.never"
        ),
        (
            #"[{"type":"namespace","name":"n","tools":[{"type":"mcp","server_label":"s"}]}]"#,
            "tools[0].tools[0]"
        ),
    ])
    func refusesWhatItCannotTake(tools: String, param: String) {
        let error = #expect(throws: APIError.self) { try request(tools) }
        #expect(error?.param == param)
        #expect(error?.httpStatus == 400)
    }

    @Test func refusesAChoiceOfAServerThatIsNotThere() {
        let tools = #"[{"type":"mcp","server_label":"s"}]"#
        let error = #expect(throws: APIError.self) {
            try request(tools, #","tool_choice":{"type":"mcp","server_label":"t"}"#)
        }
        #expect(error?.param == "tool_choice")
    }
}
