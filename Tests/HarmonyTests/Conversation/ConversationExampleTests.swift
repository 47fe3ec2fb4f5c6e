import Harmony
import Testing

/// The examples of the documentation catalog, with the values that it states.
@Suite struct ConversationExampleTests {
    @Test func encodes() {
        let tokenizer = Tokenizer()
        #expect(tokenizer.encode("How tall is it?") == [5_299, 19_766, 382, 480, 30])
        #expect(tokenizer.encode("<|end|>").count == 5)
        #expect(tokenizer.encode("<|end|>", allowing: [.end]) == [200_007])

        var prompt: [TokenID] = []
        tokenizer.encode("How tall ", into: &prompt)
        tokenizer.encode("is it?", into: &prompt)
        #expect(tokenizer.text(of: prompt) == "How tall is it?")
    }

    @Test func decodes() throws {
        let tokenizer = Tokenizer()
        let tokens = tokenizer.encode("naïve 👋🏽")
        let bytes = try tokenizer.decode(tokens)
        #expect(String(decoding: bytes, as: UTF8.self) == "naïve 👋🏽")
        #expect(tokenizer.text(of: tokens.dropLast()) == "naïve 👋\u{FFFD}")
        #expect(tokenizer.text(of: [200_006, 1_428, 200_008]) == "<|start|>user<|message|>")
    }

    @Test func renders() throws {
        let weather = ToolDescription(name: "get_weather", description: "Gets the weather.")
        let wishes = DeveloperContent(
            instructions: "Be brief.",
            tools: ["functions": .functions([weather])]
        )
        let conversation = Conversation(messages: [
            Message(role: .system, content: [.system(.standard)]),
            Message(role: .developer, content: [.developer(wishes)]),
            Message(role: .user, content: "Do I need an umbrella?"),
        ])
        let prompt = try HarmonyRenderer().renderForCompletion(conversation)
        #expect(Tokenizer().text(of: prompt.suffix(2)) == "<|start|>assistant")
    }

    @Test func parses() throws {
        let call = Message(
            role: .assistant,
            recipient: .function("get_weather"),
            channel: .commentary,
            contentType: .json,
            content: "{}"
        )
        let tokens = try HarmonyRenderer().render(call).dropFirst(2)
        var parser = HarmonyParser(declaredTools: ["get_weather"])
        var completion = HarmonyMessageCollector()
        for token in tokens {
            parser.consume(token, into: &completion)
        }
        parser.finish(into: &completion)
        #expect(completion.messages == [call])
        #expect(completion.diagnostics.isEmpty)
    }
}
