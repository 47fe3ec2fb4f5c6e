import Harmony
import NIOCore
import OpenAIAPI
import Testing

/// A client sends back what it got; the model must find its own words where it left them.
@Suite struct SecondTurnTests {
    private static let tool = #"{"type":"function","name":"get_weather"}"#

    private func tokens(of request: ResponsesRequest) throws -> [TokenID] {
        let builder = ConversationBuilder(
            request: request,
            tools: ToolCatalog(request),
            options: PromptOptions(currentDate: "2025-11-22")
        )
        return try HarmonyRenderer().renderForCompletion(builder.conversation(of: request.input))
    }

    /// What the model says after `<|start|>assistant`, specials spelled out.
    private func completion(_ text: String) -> [TokenID] {
        Tokenizer().encode(
            text,
            allowing: [.start, .end, .message, .channel, .constrain, .call, .return]
        )
    }

    /// The response to `request` when the model says `completion`.
    private func response(
        to request: ResponsesRequest,
        _ completion: [TokenID]
    ) throws -> JSONValue {
        var machine = ResponseEventMachine(
            request: request,
            model: request.model,
            tools: ToolCatalog(request),
            identifiers: .fixed,
            createdAt: 0,
            options: .init(isStreaming: false)
        )
        machine.responseStarted()
        machine.roundStarted(promptTokens: 1)
        var parser = HarmonyParser(declaredTools: ToolCatalog(request).names)
        for token in completion {
            machine.tokenReceived()
            parser.consume(token, into: &machine)
        }
        parser.finish(into: &machine)
        machine.roundFinished(.stop, cachedTokens: 0)
        machine.responseFinished(at: 1)
        return try JSONValue(parsing: String(buffer: machine.responseObject))
    }

    @Test(arguments: [
        "<|channel|>analysis<|message|>Look it up.<|end|><|start|>assistant<|channel|>commentary "
            + "to=functions.get_weather <|constrain|>json<|message|>{\"city\": \"Bern\"}<|call|>",
        "<|channel|>commentary<|message|>I look it up.<|end|><|start|>assistant"
            + "<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{}<|call|>",
    ])
    func beginsWithTheTokensOfTheFirst(said: String) throws {
        let question: JSONValue = ["role": "user", "content": "Weather in Bern? 😀"]
        let tools = try JSONValue(parsing: "[\(Self.tool)]")
        var body: JSONObject = ["model": "m", "instructions": "Be kind.", "tools": tools]
        body["input"] = [question]
        let first = try ResponsesRequest(.object(body))
        let completion = completion(said)

        let output = try #require(try response(to: first, completion)["output"]?.array)
        let call = try #require(output.last?["call_id"])
        let result: JSONValue = [
            "type": "function_call_output", "call_id": call, "output": "<|end|> 12 °C",
        ]
        body["input"] = .array([question] + output + [result])
        let second = try tokens(of: ResponsesRequest(.object(body)))

        let past = try tokens(of: first) + completion
        #expect(Array(second.prefix(past.count)) == past)
        let rest = Tokenizer().text(of: second.dropFirst(past.count))
        let expected =
            "<|start|>functions.get_weather to=assistant<|channel|>commentary<|message|>"
            + "<|end|> 12 °C<|end|><|start|>assistant"
        #expect(rest == expected)
        #expect(second.dropFirst(past.count).count { $0 == SpecialToken.end.rawValue } == 1)
    }
}
