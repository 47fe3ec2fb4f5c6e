import Harmony
import Testing

@Suite struct ConversationReadingTests {
    @Test func readsEveryFieldOfAMessage() throws {
        let json = """
            {"role":"assistant","name":"Ann","recipient":"functions.f","channel":"commentary",\
            "content_type":"<|constrain|>json","content":"{}"}
            """
        let message = Message(
            role: .assistant,
            name: "Ann",
            recipient: .function("f"),
            channel: .commentary,
            contentType: .json,
            content: "{}"
        )
        #expect(try Message(json: JSONValue(parsing: json)) == message)
    }

    @Test func readsEveryFieldOfSystemContent() throws {
        let json = """
            {"model_identity":"I","reasoning_effort":"High","conversation_start_date":"D",\
            "knowledge_cutoff":"K","channel_config":{"valid_channels":["final"],\
            "channel_required":false},"tools":{"b":{"name":"browser","tools":[]}},\
            "type":"system_content"}
            """
        let content = SystemContent(
            modelIdentity: "I",
            reasoningEffort: .high,
            tools: ["b": ToolNamespace(name: "browser")],
            conversationStartDate: "D",
            knowledgeCutoff: "K",
            channelConfig: ChannelConfig(validChannels: [.final], isChannelRequired: false)
        )
        #expect(try message("system", json).content == [.system(content)])
    }

    @Test func readsEveryFieldOfDeveloperContent() throws {
        let json = """
            {"type":"developer_content","instructions":"Be brief.","tools":{"functions":\
            {"name":"functions","description":"Mine.","tools":[{"name":"f","description":"F.",\
            "parameters":{"z":1,"a":1.0}},{"name":"g","description":"","parameters":null}]}}}
            """
        let functions = ToolNamespace(
            name: "functions",
            description: "Mine.",
            tools: [
                ToolDescription(name: "f", description: "F.", parameters: ["z": 1, "a": 1.0]),
                ToolDescription(name: "g", description: ""),
            ]
        )
        let content = DeveloperContent(
            instructions: "Be brief.",
            tools: ["functions": functions]
        )
        #expect(try message("developer", json).content == [.developer(content)])
    }

    @Test(arguments: [
        #"{"messages":[{"role":"user","content":"x"}]}"#,
        #"{"messages":[{"role":"user","content":[{"text":"x","type":"text"}]}],"more":1}"#,
        #"{"messages":[{"name":null,"channel":null,"role":"user","content":"x","a":1,"a":2}]}"#,
        #"[[{"role":"user","content":"x"}]]"#,
    ])
    func readsTheSameMessageFrom(text: String) throws {
        let conversation = Conversation(messages: [Message(role: .user, content: "x")])
        #expect(try Conversation(json: JSONValue(parsing: text)) == conversation)
    }

    @Test(arguments: [
        ("null", "expected an object, found null"),
        ("[]", "expected an object, found an array"),
        ("{}", "the field 'messages' is missing"),
        (#"{"messages":null}"#, "messages: expected an array, found null"),
        (#"{"messages":[5]}"#, "messages[0]: expected an object, found a number"),
        (#"{"messages":[],"messages":[]}"#, "the field 'messages' stands twice"),
    ])
    func saysWhatIsWrongWithAConversation(text: String, message: String) throws {
        #expect(try errorMessage(ofConversation: text) == message)
    }

    @Test(arguments: [
        (#""content":"x""#, "the field 'role' is missing"),
        (#""role":"user""#, "the field 'content' is missing"),
        (#""role":"critic","content":"x""#, "role: 'critic' is not a role"),
        (#""role":"user","content":null"#, "content: \(notContent), found null"),
        (#""role":"user","content":5"#, "content: \(notContent), found a number"),
        (#""role":"user","content":{}"#, "content: \(notContent), found an object"),
        (#""role":"user","content":["x"]"#, "content[0]: expected an object, found a string"),
        (#""role":"user","content":[{}]"#, "content[0]: the field 'type' is missing"),
        (#""role":"user","content":[{"type":"a"}]"#, "content[0].type: 'a' is not known"),
        (#""role":"user","content":[{"type":"text"}]"#, "content[0]: the field 'text' is missing"),
        (#""role":"user","content":"x","channel":5"#, "channel: expected a string, found a number"),
        (#""role":"user","content":"x","name":1,"name":2"#, "the field 'name' stands twice"),
    ])
    func saysWhatIsWrongWithAMessage(fields: String, message: String) throws {
        let path = message.hasPrefix("the") ? "messages[0]: " : "messages[0]."
        #expect(try errorMessage(ofConversation: #"{"messages":[{\#(fields)}]}"#) == path + message)
    }

    @Test(arguments: [
        (#""reasoning_effort":"high""#, "reasoning_effort: 'high' is not Low, Medium or High"),
        (#""channel_config":[]"#, "channel_config: expected an object, found an array"),
        (
            #""channel_config":{"valid_channels":[]}"#,
            "channel_config: the field 'channel_required' is missing"
        ),
        (
            #""channel_config":{"valid_channels":[1],"channel_required":true}"#,
            "channel_config.valid_channels[0]: expected a string, found a number"
        ),
        (
            #""channel_config":{"valid_channels":[],"channel_required":null}"#,
            "channel_config.channel_required: expected a boolean, found null"
        ),
        (#""tools":[]"#, "tools: expected an object, found an array"),
        (#""tools":{"n":null}"#, "tools.n: expected an object, found null"),
        (#""tools":{"n":{"tools":[]}}"#, "tools.n: the field 'name' is missing"),
        (#""tools":{"n":{"name":"n"}}"#, "tools.n: the field 'tools' is missing"),
        (
            #""tools":{"n":{"name":"n","tools":[{"name":"f"}]}}"#,
            "tools.n.tools[0]: the field 'description' is missing"
        ),
    ])
    func saysWhatIsWrongWithSystemContent(fields: String, message: String) throws {
        let content = #"{"type":"system_content",\#(fields)}"#
        let error = #expect(throws: HarmonyError.self) { try self.message("system", content) }
        #expect(error?.code == .invalidConversation)
        #expect(error?.message == "content[0].\(message)")
    }

    private static let notContent = "expected a string or an array of content"

    private func message(_ role: String, _ content: String) throws -> Message {
        let json = #"{"role":"\#(role)","content":[\#(content)]}"#
        return try Message(json: JSONValue(parsing: json))
    }

    private func errorMessage(ofConversation text: String) throws -> String? {
        let json = try JSONValue(parsing: text)
        return #expect(throws: HarmonyError.self) { try Conversation(json: json) }?.message
    }
}
