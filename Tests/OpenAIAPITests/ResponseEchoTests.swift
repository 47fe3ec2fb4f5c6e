import Harmony
import OpenAIAPI
import Testing

@Suite struct ResponseEchoTests {
    /// Every key that must always be there: OpenAI's and those that Open Responses requires.
    private static let keys: Set<String> = [
        "id", "object", "created_at", "completed_at", "status", "background", "error",
        "incomplete_details", "instructions", "max_output_tokens", "max_tool_calls", "model",
        "output", "parallel_tool_calls", "previous_response_id", "prompt_cache_key", "reasoning",
        "safety_identifier", "service_tier", "store", "temperature", "text", "tool_choice", "tools",
        "top_logprobs", "top_p", "presence_penalty", "frequency_penalty", "truncation", "usage",
        "user", "metadata",
    ]

    private func response(_ members: String = "") throws -> JSONValue {
        var transcript = try Transcript(#"{"model":"m","input":"x"\#(members)}"#)
        transcript.machine.responseStarted()
        return try transcript.response
    }

    @Test func holdsEveryKeyOnce() throws {
        let members = try #require(try response().object).members
        #expect(Set(members.map(\.key)) == Self.keys)
        #expect(members.count == Self.keys.count)
    }

    @Test func showsTheDefaults() throws {
        let response = try response()
        #expect(response["object"] == "response")
        #expect(response["status"] == "in_progress")
        #expect(response["temperature"] == 1.0)
        #expect(response["top_p"] == 1.0)
        #expect(response["reasoning"] == ["effort": nil, "summary": nil])
        #expect(response["text"] == ["format": ["type": "text"], "verbosity": "medium"])
        #expect(response["tool_choice"] == "auto")
        #expect(response["tools"] == [])
        #expect(response["truncation"] == "disabled")
        #expect(response["service_tier"] == "default")
        #expect(response["metadata"] == [:])
        #expect(response["usage"] == .null)
    }

    @Test(arguments: [
        ("temperature", "0.70"), ("top_p", "1e-1"), ("max_output_tokens", "16"),
        ("max_tool_calls", "3"), ("parallel_tool_calls", "false"), ("instructions", #""Be kind.""#),
        ("previous_response_id", #""resp_1""#), ("store", "false"), ("user", #""u""#),
        ("safety_identifier", #""s""#), ("prompt_cache_key", #""p""#), ("truncation", #""auto""#),
        ("metadata", #"{"k":"v"}"#), ("reasoning", #"{"effort":"high","summary":"auto"}"#),
        ("presence_penalty", "0.5"), ("frequency_penalty", "-2"), ("top_logprobs", "5"),
        ("text", #"{"format":{"type":"json_object"},"verbosity":"low"}"#),
        (
            "text",
            #"{"format":{"type":"json_schema","name":"n","description":null,"#
                + #""schema":{"type":"object"},"strict":true},"verbosity":"medium"}"#
        ),
        ("conversation", #"{"id":"conv_1"}"#), ("tool_choice", #""none""#),
        ("service_tier", #""flex""#),
    ])
    func repeatsTheRequest(key: String, value: String) throws {
        let sent = try JSONValue(parsing: value)
        #expect(try response(",\"\(key)\":\(value)")[key] == sent)
    }

    @Test(arguments: [
        #"{"type":"function","name":"f"}"#,
        #"{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}"#,
        #""required""#,
    ])
    func repeatsTheToolChoice(choice: String) throws {
        let tools = #","tools":[{"type":"function","name":"f"}],"tool_choice":\#(choice)"#
        #expect(try response(tools)["tool_choice"] == JSONValue(parsing: choice))
    }

    @Test func givesFunctionsEveryKey() throws {
        let response = try response(#","tools":[{"type":"function","name":"f","strict":false}]"#)
        #expect(
            response["tools"] == [
                [
                    "type": "function", "name": "f", "description": nil, "parameters": nil,
                    "strict": false,
                ]
            ]
        )
    }

    @Test func repeatsCustomToolsAndNamespaces() throws {
        let tools = #"""
            [{"type":"namespace","name":"n","description":"N.","tools":[{"type":"custom",
            "name":"c","description":null,"format":{"type":"text"}}]}]
            """#
        #expect(try response(",\"tools\":\(tools)")["tools"] == JSONValue(parsing: tools))
    }

    @Test func neverRepeatsSecrets() throws {
        let tool = #"""
            {"type":"mcp","server_label":"s","server_url":"https://u:p@h.example:8/key/mcp?t=k",
            "headers":{"X":"se"},"authorization":"cret","allowed_tools":["a"]}
            """#
        let response = try response(",\"tools\":[\(tool)]")
        #expect(
            response["tools"] == [
                [
                    "type": "mcp", "server_label": "s",
                    "server_url": "https://h.example:8/<redacted>", "server_description": nil,
                    "allowed_tools": ["a"], "headers": nil, "require_approval": "always",
                ]
            ]
        )
    }
}
