import Harmony
import NIOCore
import OpenAIAPI
import Testing

@Suite struct ChatRequestTests {
    private func parse(_ members: String) throws(APIError) -> ChatRequest {
        try ChatRequest(body: ByteBuffer(string: #"{"model":"m",\#(members)}"#))
    }

    private func parse(
        messages: String = #"[{"role":"user","content":"Hi"}]"#,
        with members: String
    ) throws(APIError) -> ResponsesRequest {
        try parse(#""messages":\#(messages),\#(members)"#).response
    }

    private func items(_ messages: String) throws(APIError) -> [ResponseItem] {
        try parse(#""messages":\#(messages)"#).response.input
    }

    private func call(_ id: String, _ name: String, _ arguments: String) -> ResponseItem {
        .functionCall(
            FunctionCallItem(callID: id, name: CallableName(name), arguments: arguments)
        )
    }

    @Test func turnsMessagesIntoItems() throws {
        let items = try items(
            #"""
            [{"role":"system","content":"Be kind."},
            {"role":"user","name":"ann","content":[{"type":"text","text":"Hi"},
            {"type":"image_url","image_url":{"url":"data:"}}]},
            {"role":"assistant","content":"Hello","refusal":null},
            {"role":"user","content":"Go on"}]
            """#
        )
        let image: JSONObject = ["type": "image_url", "image_url": ["url": "data:"]]
        #expect(
            items == [
                .message(MessageItem(role: .system, content: [.inputText("Be kind.")])),
                .message(
                    MessageItem(role: .user, content: [.inputText("Hi"), .inputImage(image)])
                ),
                .message(
                    MessageItem(
                        role: .assistant,
                        phase: .finalAnswer,
                        content: [.outputText("Hello")]
                    )
                ),
                .message(MessageItem(role: .user, content: [.inputText("Go on")])),
            ]
        )
    }

    @Test(arguments: ["reasoning", "reasoning_content"])
    func takesReasoningTextAndCallsOfOneMessageApart(key: String) throws {
        let items = try items(
            #"""
            [{"role":"assistant","\#(key)":"Hm","content":"I look.","tool_calls":[
            {"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},
            {"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},
            {"role":"tool","tool_call_id":"c1","content":"1"}]
            """#
        )
        #expect(
            items == [
                .reasoning(ReasoningItem(content: ["Hm"])),
                .message(
                    MessageItem(
                        role: .assistant,
                        phase: .commentary,
                        content: [.outputText("I look.")]
                    )
                ),
                call("c1", "f", "{}"),
                call("c2", "g", ""),
                .functionCallOutput(
                    FunctionCallOutputItem(callID: "c1", output: [.inputText("1")])
                ),
            ]
        )
    }

    @Test func namesItsOwnParameterWhenAResultHasNoCall() throws {
        let message = #"{"role":"tool","tool_call_id":"c","content":"1"}"#
        let request = try parse(#""messages":[\#(message)]"#).response
        let builder = ConversationBuilder(
            request: request,
            tools: ToolCatalog(request),
            options: PromptOptions(currentDate: nil)
        )
        let error = #expect(throws: APIError.self) {
            try builder.conversation(of: request.input)
        }
        #expect(error?.param == "messages")
    }

    @Test func takesCallsWithoutContent() throws {
        let items = try items(
            #"""
            [{"role":"assistant","content":null,"tool_calls":[
            {"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}]
            """#
        )
        #expect(items.count == 1)
    }

    @Test func readsLimitsAndSampling() throws {
        let request = try parse(
            with: #"""
                "max_tokens":5,"max_completion_tokens":7,"temperature":0,"stop":["a",""],"seed":3,
                "logit_bias":{"200002":-100},"logprobs":true,"top_logprobs":2,
                "reasoning_effort":"low","verbosity":"high","stream":true
                """#
        )
        #expect(request.maxOutputTokens == 7)
        #expect(request.sampling.temperature?.double == 0)
        #expect(request.sampling.stop == ["a"])
        #expect(request.sampling.seed == 3)
        #expect(request.sampling.logitBias == [200_002: -100])
        #expect(request.include == [.outputTextLogprobs])
        #expect(request.sampling.topLogprobs == 2)
        #expect(request.reasoning.effort == .low)
        #expect(request.text.verbosity == .high)
        #expect(request.stream)
        #expect(try parse(with: #""max_tokens":5,"stop":"b""#).maxOutputTokens == 5)
    }

    @Test func readsToolsAndTheirChoice() throws {
        let tools = #""tools":[{"type":"function","function":{"name":"f","strict":true}}]"#
        let choice = #""tool_choice":{"type":"function","function":{"name":"f"}}"#
        let request = try parse(with: "\(tools),\(choice)")
        #expect(request.tools == [.function(FunctionTool(name: "f", strict: true))])
        #expect(request.toolChoice == .named(.init(type: "function", name: "f")))
        let allowed = #"""
            "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[
            {"type":"function","function":{"name":"f"}}]}}
            """#
        let second = try parse(with: "\(tools),\(allowed)")
        #expect(second.toolChoice == .allowed(.required, [.init(type: "function", name: "f")]))
    }

    @Test func readsTheFormatOfTheAnswer() throws {
        let request = try parse(
            with: #"""
                "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{},
                "strict":true}}
                """#
        )
        let format = JSONSchemaFormat(name: "n", description: nil, schema: [:], strict: true)
        #expect(request.text.format == .jsonSchema(format))
        let object = try parse(with: #""response_format":{"type":"json_object"}"#)
        #expect(object.text.format == .jsonObject)
    }

    @Test(arguments: [
        (#""messages":[]"#, "messages"),
        (#""x":1"#, "messages"),
        (#""messages":"Hi""#, "messages"),
        (#""messages":[{"content":"x"}]"#, "messages[0].role"),
        (#""messages":[{"role":"function","content":"x"}]"#, "messages[0].role"),
        (#""messages":[{"role":"user"}]"#, "messages[0].content"),
        (#""messages":[{"role":"user","content":[{"type":"x"}]}]"#, "messages[0].content[0].type"),
        (#""messages":[{"role":"tool","content":"x"}]"#, "messages[0].tool_call_id"),
        (
            #""messages":[{"role":"assistant","tool_calls":[{"id":"c"}]}]"#,
            "messages[0].tool_calls[0].function"
        ),
        (#""messages":[{"role":"user","content":"x"}],"n":2"#, "n"),
        (#""messages":[{"role":"user","content":"x"}],"stop":7"#, "stop"),
        (
            #""messages":[{"role":"user","content":"x"}],"logit_bias":{"201088":1}"#,
            "logit_bias"
        ),
        (
            #""messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema"}"#,
            "response_format.json_schema"
        ),
        (
            #""messages":[{"role":"user","content":"x"}],"tools":[{"type":"function"}]"#,
            "tools[0].function"
        ),
    ])
    func namesTheParameterAtFault(members: String, param: String) {
        let error = #expect(throws: APIError.self) { try parse(members) }
        #expect(error?.httpStatus == 400)
        #expect(error?.param == param)
    }
}
