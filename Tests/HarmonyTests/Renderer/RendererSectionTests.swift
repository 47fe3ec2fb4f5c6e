import Harmony
import Testing

@Suite struct RendererSectionTests {
    @Test func writesNothingThatIsNotSet() throws {
        let message = Message(role: .system, content: [.system(SystemContent())])
        #expect(try text(of: message) == "<|start|>system<|message|><|end|>")
    }

    @Test func writesTheStandardFrame() throws {
        var content = SystemContent.standard
        content.conversationStartDate = "2025-06-28"
        let expected = """
            <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
            Knowledge cutoff: 2024-06
            Current date: 2025-06-28

            Reasoning: medium

            # Valid channels: analysis, commentary, final. Channel must be included for every \
            message.<|end|>
            """
        #expect(try text(of: Message(role: .system, content: [.system(content)])) == expected)
    }

    @Test(arguments: ["browser", "python"])
    func describesBuiltInToolsInTheWordsOfTheReference(name: String) throws {
        var count = 0
        for case .system(let content) in try Self.firstContents() {
            guard let namespace = content.tools[name], namespace.description != nil else {
                continue
            }
            #expect(namespace == (name == "browser" ? .browser : .python))
            count += 1
        }
        #expect(count > 0)
    }

    @Test func endsWithTheFormatsOfAnswers() throws {
        let content = DeveloperContent(
            instructions: "You shop.",
            tools: ["functions": .functions([ToolDescription(name: "f", description: "F.")])],
            responseFormats: [
                ResponseFormat(
                    name: "shopping_list",
                    description: "What to buy.\nOne entry a thing.",
                    schema: ["type": "object", "properties": ["items": ["type": "array"]]]
                ),
                ResponseFormat(name: "other", schema: true),
            ]
        )
        let expected = """
            <|start|>developer<|message|># Instructions

            You shop.

            # Tools

            ## functions

            namespace functions {

            // F.
            type f = () => any;

            } // namespace functions

            # Response Formats

            ## shopping_list

            // What to buy.
            // One entry a thing.
            {"type":"object","properties":{"items":{"type":"array"}}}

            ## other

            true<|end|>
            """
        #expect(try text(of: Message(role: .developer, content: [.developer(content)])) == expected)
    }

    @Test func describesFunctionsAsTheFormatPageShows() throws {
        let unit: JSONValue = [
            "type": "string", "enum": ["celsius", "fahrenheit"], "default": "celsius",
        ]
        let tool = ToolDescription(
            name: "get_weather",
            description: "Gets the weather.",
            parameters: [
                "type": "object",
                "properties": ["city": ["type": "string", "description": "Where."], "unit": unit],
                "required": ["city"],
            ]
        )
        var functions = ToolNamespace.functions([tool])
        functions.description = "What the functions have in common."
        let content = DeveloperContent(tools: ["functions": functions])
        let expected = """
            <|start|>developer<|message|># Tools

            ## functions

            // What the functions have in common.
            namespace functions {

            // Gets the weather.
            type get_weather = (_: {
            // Where.
            city: string,
            unit?: "celsius" | "fahrenheit", // default: celsius
            }) => any;

            } // namespace functions<|end|>
            """
        #expect(try text(of: Message(role: .developer, content: [.developer(content)])) == expected)
    }

    @Test(arguments: [
        ("0", "0"), ("-0", "-0.0"), ("-0.0", "-0.0"), ("0e5", "0.0"), ("1.50", "1.5"),
        ("1e3", "1000.0"), ("1e15", "1000000000000000.0"), ("1e16", "1e16"), ("1e-5", "0.00001"),
        ("1e-6", "1e-6"), ("123.456", "123.456"), ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "1.8446744073709552e19"), ("5e-324", "5e-324"), ("1e-999", "0.0"),
        ("-9223372036854775808", "-9223372036854775808"), ("1e999", "1e999"),
        // What the reference makes of these differs from the nearest Double in the last place.
        ("-2.4377041883879518e-25", "-2.4377041883879518e-25"),
        ("72505403027325855020", "7.250540302732586e19"),
    ])
    func spellsNumbersLikeTheReference(number: String, spelled: String) throws {
        let schema = #"{"type":"object","properties":{"x":{"type":"number","default":\#(number)}}}"#
        let tool = ToolDescription(
            name: "f",
            description: "",
            parameters: try JSONValue(parsing: schema)
        )
        let content = DeveloperContent(tools: ["functions": .functions([tool])])
        let message = Message(role: .developer, content: [.developer(content)])
        #expect(try text(of: message).contains("x?: number, // default: \(spelled)\n"))
    }

    @Test func leadsTheNextMessageIn() throws {
        let conversation = Conversation(messages: [Message(role: .user, content: "Hi")])
        let tokens = try HarmonyRenderer().renderForCompletion(conversation)
        #expect(tokens == [200_006, 1_428, 200_008, 12_194, 200_007, 200_006, 173_781])
    }

    @Test func endsAnExampleAsTheModelShould() throws {
        let answer = Message(role: .assistant, channel: .final, content: "x")
        let renderer = HarmonyRenderer()
        let tokens = try renderer.renderForTraining(Conversation(messages: [answer]))
        #expect(try tokens.dropLast() == renderer.render(answer).dropLast())
        #expect(tokens.last == SpecialToken.return.rawValue)
        #expect(try renderer.renderForTraining(Conversation()) == [])
    }

    private static func firstContents() throws -> [Content] {
        try RenderCase.all().compactMap { renderCase in
            guard renderCase.error == nil, renderCase.operation != .message else { return nil }
            let conversation = try Conversation(json: JSONValue(parsing: renderCase.input))
            return conversation.messages.first?.content.first
        }
    }

    private func text(of message: Message) throws -> String {
        Tokenizer().text(of: try HarmonyRenderer().render(message))
    }
}
