import Harmony
import NIOCore
import OpenAIAPI
import Testing

@Suite struct ConversationBuilderTests {
    private func conversation(
        _ members: String,
        date: String? = "2025-11-22"
    ) throws -> [Message] {
        let body = ByteBuffer(string: #"{"model":"m",\#(members)}"#)
        let request = try ResponsesRequest(body: body)
        let builder = ConversationBuilder(
            request: request,
            tools: ToolCatalog(request),
            options: PromptOptions(currentDate: date)
        )
        return try builder.conversation(of: request.input).messages
    }

    private func developer(_ message: Message?) -> DeveloperContent? {
        guard case .developer(let content) = message?.content.first else { return nil }
        return content
    }

    @Test func saysWhoTheModelIsAndWhatDayItIs() throws {
        let messages = try conversation(#""input":"Hi","reasoning":{"effort":"minimal"}"#)
        var system = SystemContent.standard
        system.conversationStartDate = "2025-11-22"
        system.reasoningEffort = .low
        #expect(
            messages == [
                Message(role: .system, content: [.system(system)]),
                Message(role: .user, content: "Hi"),
            ]
        )
    }

    /// Turn 2 must render the tokens of turn 1, also where it does not declare the tool again.
    @Test(arguments: [#""tools":[{"type":"function","name":"look up!"}],"#, ""])
    func callsAToolByTheNameThatTheModelWasShown(tools: String) throws {
        let messages = try conversation(
            #"""
            \#(tools)"input":[{"type":"function_call","call_id":"c","name":"look up!",
            "arguments":"{}"}]
            """#
        )
        #expect(messages.last?.recipient == "functions.look_up_")
    }

    @Test func namesTheCallThatAnOutputLacks() {
        let error = #expect(throws: APIError.self) {
            try conversation(
                #""input":[{"type":"function_call_output","call_id":"c9","output":"1"}]"#
            )
        }
        #expect(
            error?.message == "No tool call found for function call output with call_id c9."
        )
        #expect(error?.param == "input")
    }

    @Test func leavesTheDateOutWhenThereIsNone() throws {
        let messages = try conversation(#""input":"Hi""#, date: nil)
        #expect(messages.first?.content == [.system(.standard)])
    }

    @Test func gathersInstructionsInOneDeveloperMessage() throws {
        let messages = try conversation(
            #"""
            "instructions":"A","input":[{"role":"system","content":"B"},
            {"role":"developer","content":[{"type":"input_text","text":"C"}]},
            {"role":"user","content":"Hi"},{"role":"developer","content":"D"}]
            """#
        )
        #expect(messages.map(\.role) == [.system, .developer, .user, .developer])
        #expect(developer(messages[1])?.instructions == "A\n\nB\n\nC")
        #expect(developer(messages[3])?.instructions == "D")
    }

    @Test func showsFunctionsAndTheFormatOfTheAnswer() throws {
        let messages = try conversation(
            #"""
            "input":"Hi","tools":[{"type":"function","name":"f","description":"Does.",
            "parameters":{"type":"object"}}],
            "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"array"}}}
            """#
        )
        let content = try #require(developer(messages[1]))
        let tool = ToolDescription(
            name: "f",
            description: "Does.",
            parameters: ["type": "object"]
        )
        #expect(content.instructions == nil)
        #expect(content.tools == ["functions": .functions([tool])])
        #expect(content.responseFormats == [ResponseFormat(name: "n", schema: ["type": "array"])])
    }

    @Test(arguments: [
        (#""none""#, []), (#""auto""#, ["f", "g"]),
        (#"{"type":"allowed_tools","tools":[{"type":"function","name":"g"}]}"#, ["g"]),
    ])
    func showsOnlyTheToolsThatMayBeCalled(choice: String, names: [String]) throws {
        let messages = try conversation(
            #"""
            "input":"Hi","tool_choice":\#(choice),
            "tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}]
            """#
        )
        let shown = developer(messages[1])?.tools["functions"]?.tools.map(\.name) ?? []
        #expect(shown == names)
    }

    @Test func writesItemsAsTheModelWouldHave() throws {
        let messages = try conversation(
            #"""
            "input":[{"role":"user","content":"Weather?"},
            {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}]},
            {"role":"assistant","phase":"commentary","content":"I look."},
            {"type":"function_call","call_id":"c1","name":"f","arguments":"{ \"a\": 1 }"},
            {"type":"function_call_output","call_id":"c1","output":"sunny"},
            {"role":"assistant","content":[{"type":"output_text","text":"Sunny."}]}],
            "tools":[{"type":"function","name":"f"}]
            """#
        )
        #expect(
            messages.dropFirst(3) == [
                Message(role: .assistant, channel: .analysis, content: "Hm"),
                Message(role: .assistant, channel: .commentary, content: "I look."),
                Message(
                    role: .assistant,
                    recipient: "functions.f",
                    channel: .commentary,
                    contentType: .json,
                    content: "{ \"a\": 1 }"
                ),
                Message(
                    role: .tool,
                    name: "functions.f",
                    recipient: .assistant,
                    channel: .commentary,
                    content: "sunny"
                ),
                Message(role: .assistant, channel: .final, content: "Sunny."),
            ]
        )
    }

    @Test func writesCallsOfCustomToolsAsCallsOfFunctions() throws {
        let messages = try conversation(
            #"""
            "input":[{"type":"custom_tool_call","call_id":"c","name":"patch","namespace":"edit",
            "input":"say \"x\""},
            {"type":"custom_tool_call_output","call_id":"c","output":"done"}]
            """#
        )
        #expect(messages[1].recipient == "functions.edit__patch")
        #expect(messages[1].content == [.text(#"{"input":"say \"x\""}"#)])
        #expect(messages[2].name == "functions.edit__patch")
    }

    @Test func showsWhatCameOfCallsThatAServerMade() throws {
        let messages = try conversation(
            #"""
            "input":[{"type":"mcp_list_tools","id":"mcpl_1","server_label":"s","tools":[]},
            {"type":"mcp_call","id":"mcp_1","server_label":"s","name":"add","arguments":"{}",
            "output":"3"},
            {"type":"mcp_call","id":"mcp_2","server_label":"s","name":"fail","arguments":"{}",
            "output":null,"error":{"type":"http_error","code":502,"message":"Bad gateway"}}]
            """#
        )
        #expect(messages.dropFirst().map(\.role) == [.assistant, .tool, .assistant, .tool])
        #expect(messages[2].content == [.text("3")])
        #expect(messages[4].content == [.text("Bad gateway")])
        #expect(messages[4].name == "functions.fail")
    }

    @Test(arguments: [
        ("", "The call was not made: nobody allowed it yet."),
        (#","approve":false"#, "The call was not made: the user did not allow it."),
        (
            #","approve":false,"reason":"Too risky""#,
            "The call was not made: the user did not allow it. The reason given: Too risky"
        ),
    ])
    func tellsTheModelOfCallsThatWereNotAllowed(answer: String, text: String) throws {
        let response = #"{"type":"mcp_approval_response","approval_request_id":"mcpr_1"\#(answer)}"#
        let messages = try conversation(
            #"""
            "input":[{"type":"mcp_approval_request","id":"mcpr_1","server_label":"s",
            "name":"erase","arguments":"{}"}\#(answer.isEmpty ? "" : "," + response)]
            """#
        )
        #expect(messages.dropFirst().map(\.role) == [.assistant, .tool])
        #expect(messages[2].content == [.text(text)])
        #expect(messages[2].name == "functions.erase")
    }

    @Test func showsAnAllowedCallOnce() throws {
        let messages = try conversation(
            #"""
            "input":[{"type":"mcp_approval_request","id":"mcpr_1","server_label":"s",
            "name":"erase","arguments":"{}"},
            {"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true},
            {"type":"mcp_call","id":"mcp_1","server_label":"s","name":"erase","arguments":"{}",
            "approval_request_id":"mcpr_1","output":"gone"}]
            """#
        )
        #expect(messages.dropFirst().map(\.role) == [.assistant, .tool])
        #expect(messages[2].content == [.text("gone")])
    }

    @Test func refusesTheOutputOfACallThatNobodyMade() {
        let error = #expect(throws: APIError.self) {
            try conversation(
                #""input":[{"type":"function_call_output","call_id":"c9","output":"x"}]"#
            )
        }
        #expect(error?.httpStatus == 400)
        #expect(error?.message.contains("call_id c9") == true)
    }

    @Test func tellsTheModelOfImagesAndFiles() throws {
        let messages = try conversation(
            #"""
            "input":[{"role":"user","content":[{"type":"input_text","text":"See"},
            {"type":"input_image","image_url":"data:image/png;base64,AA=="},
            {"type":"input_file","filename":"a.pdf"}]}]
            """#
        )
        guard case .text(let text)? = messages.last?.content.first else {
            Issue.record("no text")
            return
        }
        #expect(text.hasPrefix("See\n[An image"))
        #expect(text.contains("'a.pdf'"))
        #expect(!text.contains("base64"))
    }
}
