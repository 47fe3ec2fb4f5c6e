import Harmony
import HocketTesting
import HocketWire
import HocketWorker
import OpenAIAPI
import Testing

@testable import HocketSimulation

/// When the worker without a model calls tools, and what it calls them with.
@Suite struct ToolCallTests {
    private static let tools = [
        ToolDescription(
            name: "get_weather",
            description: "Reads the barometer of a place.",
            parameters: [
                "type": "object", "required": ["city"],
                "properties": [
                    "city": ["type": "string"], "unit": ["type": "string", "enum": ["c", "f"]],
                ],
            ]
        ),
        ToolDescription(name: "now", description: "Tells the current time."),
    ]

    @Test func callsTheToolThatIsNamed() throws {
        let (messages, end) = try answer("What is the weather in Paris?")
        #expect(messages.map(\.channel) == [.analysis, .commentary])
        #expect(messages[1].recipient == "functions.get_weather")
        #expect(messages[1].contentType == .json)
        #expect(messages[1].text == #"{"city":"Paris"}"#)
        #expect(end == .call)
    }

    @Test func callsAllToolsThatAreNamedAtOnce() throws {
        let (messages, end) = try answer("The weather in Paris now, please.")
        #expect(messages.compactMap(\.recipient) == ["functions.get_weather", "functions.now"])
        #expect(messages[2].text == "{}")
        #expect(end == .call)
    }

    @Test(arguments: [
        ("Check the barometer of this place", "functions.get_weather"),
        ("Tell me the current time", "functions.now"),
    ])
    func callsTheToolThatIsDescribed(text: String, recipient: Recipient) throws {
        #expect(try answer(text).messages.compactMap(\.recipient) == [recipient])
    }

    @Test func callsNothingUnasked() throws {
        let (messages, end) = try answer("Hello there")
        #expect(messages.map(\.channel) == [.analysis, .final])
        #expect(end == .return)
    }

    @Test func answersWithTheResultsAndCallsNothingAgain() throws {
        let (messages, _) = try answer(
            "The weather in Paris now, please.",
            then: [
                ("get_weather", "17 degrees"), ("now", "noon"),
            ]
        )
        #expect(messages.map(\.channel) == [.analysis, .final])
        #expect(messages[1].text.contains("17 degrees"))
        #expect(messages[1].text.contains("noon"))
    }

    @Test func callsWhatWasNotCalledYet() throws {
        let (messages, _) = try answer(
            "The weather in Paris now, please.",
            then: [
                ("get_weather", "17 degrees")
            ]
        )
        #expect(messages.compactMap(\.recipient) == ["functions.now"])
    }

    @Test func endsWithTheToolThatGivesTheFinalAnswer() throws {
        let final = ToolDescription(
            name: "submit",
            description: "The final response which ends this conversation",
            parameters: ["type": "object", "properties": ["text": ["type": "string"]]]
        )
        let tools = Self.tools + [final]
        let last = try answer("The weather in Paris", then: [("get_weather", "fine")], tools: tools)
        #expect(last.messages.compactMap(\.recipient) == ["functions.submit"])
        let done = try answer("Hello", then: [("submit", "")], tools: tools)
        #expect(done.end == .return)
    }

    @Test func saysWhatItWillDoWhenAskedForAPreamble() throws {
        let (messages, _) = try answer("With a preamble: the weather in Paris")
        #expect(messages.map(\.channel) == [.analysis, .commentary, .commentary])
        #expect(messages[1].recipient == nil)
    }

    @Test(arguments: [
        ("Run python: `print(6 * 7)`", ["python"], ["print(6 * 7)"]),
        ("Run some python", ["python"], ["print(1 + 1)"]),
        ("Search for \"the moon\"", ["browser.search"], [#"{"query":"the moon"}"#]),
        ("Find \"tides\"", ["browser.find"], [#"{"pattern":"tides"}"#]),
    ])
    func callsBuiltInToolsWhereItReasons(
        text: String,
        recipients: [String],
        contents: [String]
    ) throws {
        var system = SystemContent.standard
        system.tools = ["python": .python, "browser": .browser]
        let conversation = Conversation(messages: [
            Message(role: .system, content: [.system(system)]), Message(role: .user, content: text),
        ])
        let prompt = try HarmonyRenderer().renderForCompletion(conversation)
        let calls = try SimulatedModel(script: AnswerScript()).answer(
            to: Generation(prompt: prompt)
        ).messages.filter { $0.recipient != nil }
        #expect(calls.compactMap(\.recipient?.rawValue) == recipients)
        #expect(calls.allSatisfy { $0.channel == .analysis && $0.contentType == .code })
        for (call, content) in zip(calls, contents) {
            guard case .text(let text)? = call.content.first else {
                Issue.record("the call is no text")
                continue
            }
            #expect(text.hasPrefix(content.dropLast()))
        }
    }

    private func answer(
        _ text: String,
        then results: [(String, String)] = [],
        tools: [ToolDescription] = Self.tools
    ) throws -> (messages: [Message], end: SpecialToken?) {
        var content = DeveloperContent()
        content.tools = ["functions": .functions(tools)]
        var messages: [Message] = [.developer(content), Message(role: .user, content: text)]
        for (tool, result) in results {
            let name = Recipient.function(tool)
            messages.append(
                Message(
                    role: .assistant,
                    recipient: name,
                    channel: .commentary,
                    content: "{}"
                )
            )
            messages.append(
                Message(
                    role: .tool,
                    name: name.rawValue,
                    recipient: .assistant,
                    channel: .commentary,
                    content: result
                )
            )
        }
        let prompt = try HarmonyRenderer().renderForCompletion(Conversation(messages: messages))
        let tokens = try SimulatedModel(script: AnswerScript()).answer(
            to: Generation(prompt: prompt)
        ).tokens
        return (tokens.messages, tokens.last.flatMap(SpecialToken.init(rawValue:)))
    }
}
