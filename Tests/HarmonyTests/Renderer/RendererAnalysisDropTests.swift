import Harmony
import Testing

/// Conversations are spelled with one letter per message: `u` the user, `a` reasoning, `p` what
/// the model tells between calls, `c` a call, `C` a call on the analysis channel, `r` the result of
/// a call, `f` a final answer.
@Suite struct RendererAnalysisDropTests {
    @Test(arguments: [
        ("uaf", "uaf"),
        ("uafu", "ufu"),
        ("uafua", "ufua"),
        ("uafuaf", "ufuaf"),
        ("uafuacr", "ufuacr"),
        ("uacracr", "uacracr"),
        ("uacracraf", "uacracraf"),
        ("uacracrafu", "ucrcrfu"),
        ("uaCafuaC", "ufuaC"),
        ("uafafu", "uffu"),
        ("uapcrafuapcr", "upcrfuapcr"),
        ("uauaf", "uauaf"),
        ("uafauu", "ufauu"),
        ("af", "af"),
        ("", ""),
    ])
    func dropsReasoningOfFinishedTurns(conversation: String, kept: String) throws {
        #expect(try rendered(conversation, .perTurn) == rendered(kept, .keepAll))
    }

    @Test(arguments: [
        ("uaf", "uf"),
        ("uafuacr", "uafuacr"),
        ("uafuaf", "ufuaf"),
        ("uafu", "ufu"),
    ])
    func followsTheRuleOfTheReferenceWhenAsked(conversation: String, kept: String) throws {
        #expect(try rendered(conversation, .reference) == rendered(kept, .keepAll))
    }

    @Test func doesNotLookAtWhatItDrops() throws {
        let nameless = Message(role: .tool, channel: .analysis, content: "x")
        let messages = [nameless] + Self.messages("fu")
        let rendering = try HarmonyRenderer().render(Conversation(messages: messages))
        #expect(try rendering == rendered("fu", .keepAll))
    }

    @Test func countsFunctionsDeclaredInWhatItDrops() throws {
        let tool = ToolDescription(name: "f", description: "")
        let developer = DeveloperContent(tools: ["functions": .functions([tool])])
        let messages = [
            Message(role: .system, content: [.system(.standard)]),
            Message(role: .developer, channel: .analysis, content: [.developer(developer)]),
        ]
        let rendering = try HarmonyRenderer().render(
            Conversation(messages: messages + Self.messages("fu"))
        )
        let text = Tokenizer().text(of: rendering)
        #expect(text.contains("commentary channel: 'functions'."))
        #expect(!text.contains("namespace"))
    }

    private func rendered(
        _ conversation: String,
        _ drop: RenderingOptions.AnalysisDrop
    ) throws -> [TokenID] {
        let renderer = HarmonyRenderer(options: RenderingOptions(analysisDrop: drop))
        return try renderer.render(Conversation(messages: Self.messages(conversation)))
    }

    private static func messages(_ letters: String) -> [Message] {
        letters.map { letter in
            switch letter {
            case "u": Message(role: .user, content: "u")
            case "a": Message(role: .assistant, channel: .analysis, content: "a")
            case "p": Message(role: .assistant, channel: .commentary, content: "p")
            case "c": Message(role: .assistant, recipient: "f", channel: .commentary, content: "c")
            case "C": Message(role: .assistant, recipient: "f", channel: .analysis, content: "C")
            case "r": Message(role: .tool, name: "f", content: "r")
            default: Message(role: .assistant, channel: .final, content: "f")
            }
        }
    }
}
