import Harmony
import HocketTesting
import Testing

@testable import HocketSimulation

/// A prompt tells tools, format, effort and the course of the last turn.
@Suite struct SimulatedPromptTests {
    private static let weather = ToolDescription(
        name: "get_weather",
        description: "Gets the weather.\nIn any city.",
        parameters: ["type": "object", "properties": ["city": ["type": "string"]]]
    )
    private static let now = ToolDescription(name: "now", description: "")

    @Test func readsToolsOfTheDeveloper() throws {
        let prompt = try SimulatedPrompt.of([
            .developer(
                DeveloperContent(
                    instructions: "type nothing = () => any;",
                    tools: ["functions": .functions([Self.weather, Self.now])]
                )
            ),
            Message(role: .user, content: "Hello"),
        ])
        #expect(prompt.tools.map(\.name) == ["get_weather", "now"])
        #expect(prompt.tools[0].description == "Gets the weather.\nIn any city.")
        #expect(prompt.tools[0].parameters?["properties"]?["city"]?["type"] == "string")
        #expect(prompt.tools[1] == DeclaredTool(name: "now", description: ""))
    }

    @Test func readsTheResponseFormat() throws {
        let format = ResponseFormat(
            name: "song",
            description: "What to sing.\nAll of it.",
            schema: ["type": "object", "properties": ["title": ["type": "string"]]]
        )
        let prompt = try SimulatedPrompt.of([
            .developer(DeveloperContent(instructions: "Sing.", responseFormats: [format]))
        ])
        #expect(prompt.responseSchema == format.schema)
        #expect(try SimulatedPrompt.of([]).responseSchema == nil)
    }

    @Test(arguments: [ReasoningEffort.low, .medium, .high])
    func readsTheEffort(effort: ReasoningEffort) throws {
        let content = SystemContent(reasoningEffort: effort)
        let prompt = try SimulatedPrompt.of([Message(role: .system, content: [.system(content)])])
        #expect(prompt.effort == effort)
    }

    @Test func knowsWhatTheTurnHasDone() throws {
        let call = Message(
            role: .assistant,
            recipient: "functions.now",
            channel: .commentary,
            content: "{}"
        )
        let result = Message(
            role: .tool,
            name: "functions.now",
            recipient: .assistant,
            channel: .commentary,
            content: "noon"
        )
        let asked = Message(role: .user, content: "When?")
        let done = try SimulatedPrompt.of([asked, call, result])
        #expect(done.results == [SimulatedPrompt.Result(tool: "now", text: "noon")])
        #expect(done.calledTools == ["now"])
        #expect(done.request == "When?")
        #expect(done.lastText == "noon")
        let next = try SimulatedPrompt.of([asked, call, result, asked])
        #expect(next.results.isEmpty)
        #expect(next.calledTools.isEmpty)
    }

    @Test func emptyPromptSaysNothing() {
        let prompt = SimulatedPrompt([])
        #expect(prompt.request == "")
        #expect(prompt.tools.isEmpty)
        #expect(prompt.effort == .medium)
    }
}
