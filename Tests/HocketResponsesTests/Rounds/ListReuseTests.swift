import Harmony
import HocketEngine
import HocketTesting
import NIOCore
import Testing

/// When a server's list of tools that an earlier response made is used again.
@Suite(.timeLimit(.minutes(1)))
struct ListReuseTests {
    private let store = RecordingStore()
    private let tools = ScriptedToolCaller(tools: ["add", "erase"])

    private static func server(_ members: String = "") -> String {
        #"{"type":"mcp","server_label":"s","require_approval":"never"\#(members)}"#
    }

    /// How often the server is asked in a response and in the one that goes on from it.
    private func listings(first: String, then second: String) async throws -> Int {
        let bench = ServiceBench(
            rounds: [Says.answer("Hi")],
            toolCaller: tools,
            store: store
        )
        let response = try await bench.answer(
            ToolRoundTests.body(tools: Self.server(first), stream: false)
        )
        let id = try #require(response["id"]?.string)
        _ = try await bench.answer(
            ToolRoundTests.body(
                #","previous_response_id":"\#(id)""#,
                tools: Self.server(second),
                stream: false
            )
        )
        return tools.record.listed.count
    }

    @Test(
        arguments: [
            ("", ""),
            ("", #","allowed_tools":["add"]"#),
            ("", #","allowed_tools":{"read_only":true}"#),
            (#","allowed_tools":["add"]"#, #","allowed_tools":["add"]"#),
            (#","allowed_tools":{"read_only":true}"#, #","allowed_tools":{"read_only":true}"#),
            (#","server_url":"https://a.example/x""#, #","server_url":"https://a.example/x""#),
        ]
    )
    func listThatTellsEnoughIsUsedAgain(first: String, second: String) async throws {
        #expect(try await listings(first: first, then: second) == 1)
    }

    @Test(
        arguments: [
            (#","allowed_tools":["add"]"#, ""),
            (#","allowed_tools":["add"]"#, #","allowed_tools":["add","erase"]"#),
            (#","allowed_tools":["add"]"#, #","allowed_tools":{"read_only":false}"#),
            (#","server_url":"https://a.example/x""#, #","server_url":"https://b.example/x""#),
            (#","server_url":"https://a.example/x""#, #","connector_id":"c""#),
        ]
    )
    func listOfLessOrFromElsewhereIsMadeAnew(first: String, second: String) async throws {
        #expect(try await listings(first: first, then: second) == 2)
    }
}
