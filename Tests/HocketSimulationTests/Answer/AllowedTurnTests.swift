import Harmony
import HocketWire
import HocketWorker
import Testing

@testable import HocketSimulation

/// The worker without a model does what a structural tag allows, and nothing else.
@Suite struct AllowedTurnTests {
    private static let any: JSONValue = ["type": "any_text"]
    private static let reasoning = tag("<|channel|>analysis<|message|>", any)
    private static let preamble = tag("<|channel|>commentary<|message|>", any)

    private static func tag(_ begin: String, _ content: JSONValue) -> JSONValue {
        ["type": "tag", "begin": .string(begin), "content": content, "end": "<|end|>"]
    }

    private static func call(_ name: String, _ schema: JSONValue = ["type": "object"]) -> JSONValue
    {
        let begin = "<|channel|>commentary to=functions.\(name) <|constrain|>json<|message|>"
        return tag(begin, ["type": "json_schema", "json_schema": schema])
    }

    private static func answer(_ schema: JSONValue? = nil) -> JSONValue {
        let json = schema.map { ["type": "json_schema", "json_schema": $0] as JSONValue }
        return tag("<|channel|>final<|message|>", json ?? any)
    }

    /// A turn that must call, as the router spells it: at once, or after reasoning.
    private static func calling(_ calls: JSONValue...) -> JSONValue {
        let either: JSONValue = ["type": "or", "elements": .array(calls)]
        let opening: JSONValue = ["type": "const_string", "value": "<|start|>assistant"]
        let reasoned: JSONValue = ["type": "sequence", "elements": [reasoning, opening, either]]
        return ["type": "or", "elements": [either, reasoned]]
    }

    /// A turn of any messages.
    private static func any(_ tags: JSONValue...) -> JSONValue {
        [
            "type": "tags_with_separator", "separator": "<|start|>assistant",
            "tags": .array([reasoning, preamble] + tags),
        ]
    }

    private static let tool = ToolDescription(
        name: "get_weather",
        description: "Reads the barometer.",
        parameters: [
            "type": "object", "required": ["city"], "properties": ["city": ["type": "string"]],
        ]
    )

    private func turn(_ format: JSONValue, _ text: String) throws -> [Message] {
        let tag: JSONValue = ["type": "structural_tag", "format": format]
        var content = DeveloperContent()
        content.tools = ["functions": .functions([Self.tool])]
        let conversation = Conversation(messages: [
            .developer(content), Message(role: .user, content: text),
        ])
        let generation = Generation(
            prompt: try HarmonyRenderer().renderForCompletion(conversation),
            constraint: Constraint(.structuralTag(Array(tag.compact.utf8)), start: .firstToken)
        )
        return try SimulatedModel(script: AnswerScript()).answer(to: generation).messages
    }

    @Test func callThatIsDemandedIsMadeWhateverTheTextSays() throws {
        let messages = try turn(Self.calling(Self.call("sing"), Self.call("hum")), "Preamble. La!")
        #expect(messages.map(\.channel) == [.analysis, .commentary])
        #expect(messages[1].recipient == "functions.sing")
        #expect(messages[1].text == "{}")
    }

    @Test func toolThatTheTextAsksForIsCalledIfItIsAllowed() throws {
        let format = Self.calling(Self.call("sing"), Self.call("get_weather"))
        let messages = try turn(format, "The weather in Paris")
        #expect(messages[1].recipient == "functions.get_weather")
        // Any object is allowed, and the prompt says which are meant.
        #expect(messages[1].text == #"{"city":"Paris"}"#)
        let other = try turn(Self.any(Self.call("sing"), Self.answer()), "The weather in Paris")
        #expect(other.map(\.channel) == [.analysis, .final])
    }

    @Test func argumentsFitTheTagsSchema() throws {
        let schema: JSONValue = [
            "type": "object", "required": ["key"], "properties": ["key": ["enum": ["minor"]]],
        ]
        let messages = try turn(Self.calling(Self.call("sing", schema)), "La")
        #expect(messages[1].text == #"{"key":"minor"}"#)
    }

    @Test func oneCallEndsTheTurn() throws {
        let format = Self.any(Self.call("get_weather"), Self.call("get"), Self.answer())
        let messages = try turn(format, "With a preamble: get the weather in Paris")
        #expect(messages.map(\.channel) == [.analysis, .commentary, .commentary])
        #expect(messages.compactMap(\.recipient) == ["functions.get_weather"])
    }

    @Test func answerFitsTheTagsSchema() throws {
        let format = Self.any(Self.call("get_weather"), Self.answer(["enum": ["la"]]))
        #expect(try turn(format, "Sing").last?.text == #""la""#)
        #expect(try turn(Self.any(Self.answer()), "Sing").last?.text.contains("“Sing”") == true)
    }

    @Test(
        arguments: [
            ["type": "regex", "pattern": "la"], tag("<|channel|>song<|message|>", any),
            ["type": "sequence", "elements": [["type": "any_text"]]], [:],
        ] as [JSONValue]
    )
    func tagOfAnotherFormIsRefused(format: JSONValue) {
        #expect(throws: WorkerError.self) { try turn(format, "Sing") }
    }
}
