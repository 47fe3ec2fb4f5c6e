import Harmony
import Testing

@Suite struct ConversationWritingTests {
    @Test func writesOneTextAsAStringAndLeavesOutWhatIsNil() {
        let message = Message(role: .user, content: "Hi")
        #expect(message.json.compact == #"{"role":"user","content":"Hi"}"#)
    }

    @Test func writesEveryFieldOfAMessage() {
        let message = Message(
            role: .tool,
            name: "python",
            recipient: .assistant,
            channel: .analysis,
            contentType: .code,
            content: [.text("a"), .text("b")]
        )
        let json = """
            {"role":"tool","name":"python","content":[{"type":"text","text":"a"},\
            {"type":"text","text":"b"}],"channel":"analysis","recipient":"assistant",\
            "content_type":"code"}
            """
        #expect(message.json.compact == json)
    }

    @Test func readsBackWhatItWrites() throws {
        var system = SystemContent.standard
        system.tools = ["browser": .browser, "python": .python]
        system.conversationStartDate = "2025-06-28"
        let tool = ToolDescription(name: "f", description: "F.", parameters: ["b": 1.0, "a": 2])
        let developer = DeveloperContent(
            instructions: "x",
            tools: ["functions": .functions([tool])]
        )
        let conversation = Conversation(messages: [
            Message(role: .system, content: [.system(system)]),
            Message(role: .developer, content: [.developer(developer), .text("more")]),
            Message(role: .user, content: []),
        ])
        #expect(try Conversation(json: conversation.json) == conversation)
    }

    @Test func writesResponseFormatsAsText() throws {
        let format = ResponseFormat(name: "n", schema: ["type": "object"])
        let content = DeveloperContent(instructions: "x", responseFormats: [format])
        let message = Message(role: .developer, content: [.developer(content)])
        let text = "\n\n# Response Formats\n\n## n\n\n{\"type\":\"object\"}"
        let plain = Content.developer(DeveloperContent(instructions: "x"))
        #expect(try Message(json: message.json).content == [plain, .text(text)])
    }

    @Test func readsBackEveryConversationOfTheReference() throws {
        var count = 0
        for renderCase in try RenderCase.all() where renderCase.error == nil {
            guard renderCase.operation != .message else { continue }
            let conversation = try Conversation(json: JSONValue(parsing: renderCase.input))
            #expect(try Conversation(json: conversation.json) == conversation)
            count += 1
        }
        #expect(count == 322)
    }
}
