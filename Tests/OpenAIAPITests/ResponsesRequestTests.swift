import Harmony
import NIOCore
import OpenAIAPI
import Testing

@Suite struct ResponsesRequestTests {
    private func parse(_ body: String) throws(APIError) -> ResponsesRequest {
        try ResponsesRequest(body: ByteBuffer(string: body))
    }

    /// A request for a model with `members` after the model and an input.
    private func parse(with members: String) throws(APIError) -> ResponsesRequest {
        try parse(#"{"model":"m","input":"x",\#(members)}"#)
    }

    private func refusal(of body: String) -> APIError? {
        do {
            _ = try parse(body)
            return nil
        } catch {
            return error
        }
    }

    @Test func takesAStringForOneUserMessage() throws {
        let request = try parse(#"{"model":"m","input":"Hello"}"#)
        let message = MessageItem(role: .user, content: [.inputText("Hello")])
        #expect(request.input == [.message(message)])
        #expect(request.store)
        #expect(!request.stream)
    }

    @Test func ignoresUnknownAndNullMembers() throws {
        let request = try parse(
            with: #""enable_response_messages":true,"temperature":null,"tools":null,"text":null"#
        )
        #expect(request.sampling.temperature == nil)
        #expect(request.tools.isEmpty)
    }

    // MARK: - Bad input

    @Test(arguments: [
        ("", nil, "invalid_json"),
        ("{", nil, "invalid_json"),
        ("[]", nil, "invalid_type"),
        ("{}", "model", "missing_required_parameter"),
        (#"{"model":""}"#, "model", "missing_required_parameter"),
        (#"{"model":null,"input":"x"}"#, "model", "missing_required_parameter"),
        (#"{"model":7,"input":"x"}"#, "model", "invalid_type"),
        (#"{"model":"m"}"#, "input", "missing_required_parameter"),
        (#"{"model":"m","input":7}"#, "input", "invalid_type"),
        (#"{"model":"m","input":[7]}"#, "input[0]", "invalid_type"),
        (#"{"model":"m","input":[{}]}"#, "input[0].type", "missing_required_parameter"),
        (#"{"model":"m","input":[{"type":"x"}]}"#, "input[0].type", "invalid_value"),
        (
            #"{"model":"m","input":[{"role":"user"}]}"#, "input[0].content",
            "missing_required_parameter"
        ),
        (
            #"{"model":"m","input":[{"role":"robot","content":"x"}]}"#, "input[0].role",
            "invalid_value"
        ),
        (
            #"{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"x"}]}]}"#,
            "input[0].content[1].type", "invalid_value"
        ),
        (
            #"{"model":"m","input":[{"type":"function_call_output","output":"x"}]}"#,
            "input[0].call_id", "missing_required_parameter"
        ),
    ])
    func namesTheParameterAtFault(body: String, param: String?, code: String) throws {
        let error = try #require(refusal(of: body))
        #expect(error.httpStatus == 400)
        #expect(error.kind == .invalidRequest)
        #expect(error.param == param)
        #expect(error.code?.rawValue == code)
    }

    @Test(arguments: [
        (#""temperature":2.1"#, "temperature"),
        (#""temperature":"hot""#, "temperature"),
        (#""top_p":-0.1"#, "top_p"),
        (#""top_logprobs":21"#, "top_logprobs"),
        (#""max_output_tokens":0"#, "max_output_tokens"),
        (#""max_output_tokens":1.5"#, "max_output_tokens"),
        (#""max_tool_calls":0"#, "max_tool_calls"),
        (#""stream":"yes""#, "stream"),
        (#""truncation":"some""#, "truncation"),
        (#""include":["message.output_text.logprobs","x"]"#, "include[1]"),
        (#""reasoning":{"effort":"extreme"}"#, "reasoning.effort"),
        (#""reasoning":"high""#, "reasoning"),
        (#""text":{"format":{"type":"xml"}}"#, "text.format.type"),
        (#""text":{"format":{"type":"json_schema","name":"n"}}"#, "text.format.schema"),
        (#""text":{"verbosity":"x"}"#, "text.verbosity"),
        (#""tools":[{"type":"function"}]"#, "tools[0].name"),
        (#""tools":[{"type":"teleport"}]"#, "tools[0].type"),
        (#""tools":[{"type":"function","name":"f","parameters":[]}]"#, "tools[0].parameters"),
        (#""tool_choice":"maybe""#, "tool_choice"),
        (#""tool_choice":{"type":"function"}"#, "tool_choice.name"),
        (#""tool_choice":{"type":"function","name":"g"}"#, "tool_choice"),
        (#""tool_choice":"required""#, "tool_choice"),
        (#""tool_choice":"required","tools":[{"type":"web_search"}]"#, "tool_choice"),
        (
            #""tool_choice":{"type":"allowed_tools","mode":"required","tools":"#
                + #"[{"type":"web_search"}]},"tools":[{"type":"web_search"}]"#,
            "tool_choice"
        ),
        (
            #""tool_choice":{"type":"custom","name":"f"},"tools":[{"type":"function","name":"f"}]"#,
            "tool_choice"
        ),
        (
            #""tool_choice":{"type":"function","name":"c"},"tools":[{"type":"custom","name":"c"}]"#,
            "tool_choice"
        ),
        (
            #""tools":[{"type":"namespace","name":"n","tools":[{"type":"namespace","name":"m"}]}]"#,
            "tools[0].tools[0]"
        ),
        (#""stop":["a",1]"#, "stop[1]"),
        (#""logit_bias":{"x":1}"#, "logit_bias"),
        (#""logit_bias":{"1":101}"#, "logit_bias.1"),
        (#""metadata":{"a":1}"#, "metadata.a"),
        (#""metadata":"x""#, "metadata"),
        (#""background":true,"store":false"#, "background"),
        (#""previous_response_id":"resp_1","conversation":"conv_1""#, "conversation"),
    ])
    func refusesValuesOutsideTheirRange(members: String, param: String) throws {
        let error = try #require(refusal(of: #"{"model":"m","input":"x",\#(members)}"#))
        #expect(error.httpStatus == 400)
        #expect(error.param == param)
    }

    @Test func limitsMetadata() throws {
        let pairs = (0..<17).map { "\"k\($0)\":\"v\"" }.joined(separator: ",")
        let error = try #require(refusal(of: #"{"model":"m","input":"x","metadata":{\#(pairs)}}"#))
        #expect(error.message.contains("(max: 16 pairs, actual: 17)"))
        let value = String(repeating: "v", count: 513)
        #expect(throws: APIError.self) { try parse(with: #""metadata":{"k":"\#(value)"}"#) }
        #expect(throws: APIError.self) {
            try parse(with: #""metadata":{"\#(value.prefix(65))":"v"}"#)
        }
    }

    @Test func statesTheRangeAndTheValue() throws {
        let error = try #require(refusal(of: #"{"model":"m","input":"x","temperature":7}"#))
        #expect(error.message.contains("(min: 0.0, max: 2.0, actual: 7)"))
    }

    /// What a coding agent sends on every turn: tools that are not served among those that are.
    @Test func takesTheRequestOfACodingAgent() throws {
        let request = try parse(
            #"""
            {"model":"gpt-oss-120b","instructions":"You are a coding agent.","input":[
            {"type":"message","role":"developer","content":[{"type":"input_text","text":"Env"}]},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"Fix it"}]}],
            "tools":[{"type":"function","name":"shell","description":"Runs.","strict":false,
            "parameters":{"type":"object","properties":{"command":{"type":"array",
            "items":{"type":"string"}}},"required":["command"]}},
            {"type":"namespace","name":"mcp__docs","description":"Docs.","tools":[
            {"type":"function","name":"search","description":"","strict":false,
            "parameters":{"type":"object","properties":{}}}]},
            {"type":"custom","name":"apply_patch","description":"Patches.","format":{
            "type":"grammar","syntax":"lark","definition":"start: begin"}},
            {"type":"web_search","external_web_access":true},{"type":"local_shell"}],
            "tool_choice":"auto","parallel_tool_calls":false,
            "reasoning":{"effort":"high","summary":"auto"},"store":false,"stream":true,
            "include":["reasoning.encrypted_content"],"prompt_cache_key":"0199",
            "text":{"verbosity":"low"},"client_metadata":{"a":"b"}}
            """#
        )
        #expect(ToolCatalog(request).names == ["shell", "mcp__docs__search", "apply_patch"])
        #expect(request.include == [.encryptedReasoning])
        #expect(!request.store)
    }

    // MARK: - Items

    @Test func needsNoInputToGoOnWithAConversation() throws {
        #expect(try parse(#"{"model":"m","previous_response_id":"r"}"#).input.isEmpty)
        let request = try parse(#"{"model":"m","conversation":{"id":"conv_1"}}"#)
        #expect(request.conversationID == "conv_1")
    }

    @Test func readsItemsWithoutAType() throws {
        let request = try parse(
            #"{"model":"m","input":[{"role":"assistant","content":"x"},{"id":"msg_1"}]}"#
        )
        let message = MessageItem(role: .assistant, content: [.outputText("x")])
        #expect(request.input == [.message(message), .reference(id: "msg_1")])
    }

    @Test func keepsItemsAndToolsThatItDoesNotServe() throws {
        let request = try parse(
            #"""
            {"model":"m","input":[{"type":"web_search_call","id":"ws_1","status":"completed"}],
            "tools":[{"type":"web_search"},{"type":"local_shell"}]}
            """#
        )
        #expect(request.input.map(\.id) == ["ws_1"])
        #expect(request.tools.count == 2)
        #expect(ToolCatalog(request).isEmpty)
    }

    @Test func readsWhatAResponseGave() throws {
        var transcript = try Transcript(
            #"{"model":"m","input":"x","tools":[{"type":"function","name":"f"}]}"#
        )
        transcript.start()
        transcript.say(["Hm"], on: .analysis)
        transcript.say(["I call"], on: .commentary)
        transcript.say(["{}"], on: .commentary, to: "functions.f", end: .call)
        transcript.finish()
        let output = try #require(try transcript.response["output"])
        let request = try ResponsesRequest(["model": "m", "input": output])
        #expect(request.input == transcript.machine.items)
    }

    @Test func toleratesNullsInItemsThatComeBack() throws {
        let request = try parse(
            #"""
            {"model":"m","input":[
            {"type":"reasoning","id":"rs_1","summary":[],"content":null,"encrypted_content":null,
            "status":null},
            {"type":"message","role":"assistant","id":null,"status":null,"phase":null,"content":[
            {"type":"output_text","text":"x","annotations":null,"logprobs":null,"parsed":null}]},
            {"type":"function_call","call_id":"c","name":"f","arguments":"{}","id":null},
            {"type":"function_call_output","call_id":"c","output":[{"type":"input_text",
            "text":"y"}]}]}
            """#
        )
        #expect(request.input.count == 4)
    }
}
