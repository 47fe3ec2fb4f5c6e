import Harmony
import Testing

/// The layout in which models write; each expectation is the text as the model writes it, with
/// the markers as special tokens, so it also says that no token straddles two parts of a header.
@Suite struct RendererNativeLayoutTests {
    @Test func putsTheChannelOfACallFirst() throws {
        let call = Message(
            role: .assistant,
            recipient: .function("get_weather"),
            channel: .commentary,
            contentType: .json,
            content: #"{"city":"Rome"}"#
        )
        let text = """
            <|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json\
            <|message|>{"city":"Rome"}<|call|>
            """
        #expect(try render(call) == encode(text))
    }

    @Test(arguments: [
        ("json", " <|constrain|>json"),
        ("<|constrain|>json", " <|constrain|>json"),
        ("<|constrain|> json", " <|constrain|>json"),
        ("code", " code"),
        ("<|constrain|>code", " <|constrain|>code"),
        ("<|constrain|>", ""),
        ("", ""),
    ])
    func writesContentTypesAsModelsDo(contentType: String, written: String) throws {
        let call = Message(
            role: .assistant,
            recipient: "python",
            channel: .analysis,
            contentType: ContentType(rawValue: contentType),
            content: "1"
        )
        let text = "<|start|>assistant<|channel|>analysis to=python\(written)<|message|>1<|call|>"
        #expect(try render(call) == encode(text))
    }

    @Test func lacksNothingInTheResultOfATool() throws {
        let result = Message(role: .tool, name: "functions.f", content: "{}")
        let text = "<|start|>functions.f to=assistant<|channel|>commentary<|message|>{}<|end|>"
        #expect(try render(result) == encode(text))
    }

    @Test func keepsTheChannelAndRecipientOfTheResultOfATool() throws {
        let result = Message(
            role: .tool,
            name: "python",
            recipient: "browser",
            channel: .analysis,
            content: "2"
        )
        let text = "<|start|>python to=browser<|channel|>analysis<|message|>2<|end|>"
        #expect(try render(result) == encode(text))
    }

    @Test(arguments: ["user", "assistant"])
    func endsOnlyCallsWithCall(recipient: String) throws {
        let message = Message(
            role: .assistant,
            recipient: Recipient(rawValue: recipient),
            channel: .commentary,
            content: "x"
        )
        let text = "<|start|>assistant<|channel|>commentary to=\(recipient)<|message|>x<|end|>"
        #expect(try render(message) == encode(text))
    }

    @Test(arguments: ["all", ""])
    func writesNoRecipientForEverybody(recipient: String) throws {
        let message = Message(
            role: .assistant,
            recipient: Recipient(rawValue: recipient),
            channel: .final,
            content: "x"
        )
        let text = "<|start|>assistant<|channel|>final<|message|>x<|end|>"
        #expect(try render(message) == encode(text))
    }

    @Test func differsFromTheReferenceOnlyInCallsAndContentTypes() throws {
        var count = 0
        for renderCase in try RenderCase.all() where renderCase.error == nil {
            guard renderCase.operation != .message else { continue }
            let conversation = try Conversation(json: JSONValue(parsing: renderCase.input))
            for message in conversation.messages where message.recipient == nil {
                guard message.role != .tool, message.contentType == nil else { continue }
                let reference = HarmonyRenderer(options: .reference)
                #expect(try render(message) == reference.render(message))
                count += 1
            }
        }
        #expect(count == 1_066)
    }

    private func render(_ message: Message) throws -> [TokenID] {
        try HarmonyRenderer().render(message)
    }

    private func encode(_ text: String) -> [TokenID] {
        let markers: Set<SpecialToken> = [.start, .channel, .constrain, .message, .call, .end]
        return Tokenizer().encode(text, allowing: markers)
    }
}
