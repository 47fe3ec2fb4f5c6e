import Harmony
import HocketTesting
import HocketWorker
import Testing

@testable import HocketSimulation

/// What the worker without a model says: well-formed Harmony, from nothing but the prompt's ids.
@Suite struct SimulatedModelTests {
    private let model = SimulatedModel(script: AnswerScript())

    @Test func thinksThenAnswers() throws {
        let messages = try messages(to: "What is a hocket?")
        #expect(messages.map(\.channel) == [.analysis, .final])
        #expect(messages[0].text.contains("17 characters"))
        #expect(messages[1].text.contains("“What is a hocket?”"))
    }

    @Test func endsWithReturn() throws {
        let tokens = try model.answer(to: .asking("Hello")).tokens
        #expect(tokens.last == SpecialToken.return.rawValue)
        #expect(tokens.filter { $0 == SpecialToken.return.rawValue }.count == 1)
    }

    @Test func quotesTextOfManyScripts() throws {
        let text = "Grüße, 日本語, 👩‍👩‍👧 and <|end|> as text"
        #expect(try messages(to: text)[1].text.contains(text))
    }

    @Test func quotesLongTextInPart() throws {
        let answer = try messages(to: String(repeating: "ab", count: 1000))[1].text
        #expect(answer.contains(String(repeating: "ab", count: 200) + "…"))
        #expect(!answer.contains(String(repeating: "ab", count: 201)))
    }

    @Test func tellsALongStoryWhenAsked() throws {
        let tokens = try model.answer(to: .asking("Tell me a Long Story")).tokens
        #expect(tokens.count > 1000)
    }

    @Test func readsTheLastMessageOfAConversation() throws {
        let conversation = Conversation(messages: [
            Message(role: .user, content: "first"),
            Message(role: .assistant, channel: .final, content: "an answer"),
            Message(role: .user, content: "second"),
        ])
        let prompt = try HarmonyRenderer().renderForCompletion(conversation)
        let answer = try model.answer(to: Generation(prompt: prompt)).messages[1].text
        #expect(answer.contains("second"))
        #expect(!answer.contains("first"))
    }

    @Test func promptWithoutMessagesIsAnsweredToo() throws {
        for prompt: [TokenID] in [[], [1, 2, 200_007, 200_006]] {
            #expect(try model.answer(to: Generation(prompt: prompt)).messages.count == 2)
        }
    }

    @Test func thinksLongerWithMoreEffort() throws {
        let lengths = try [ReasoningEffort.low, .medium, .high].map { effort in
            let system = SystemContent(reasoningEffort: effort)
            let prompt = try HarmonyRenderer().renderForCompletion(
                Conversation(messages: [
                    Message(role: .system, content: [.system(system)]),
                    Message(role: .user, content: "Hello"),
                ])
            )
            return try model.answer(to: Generation(prompt: prompt)).messages[0].text.count
        }
        #expect(lengths[0] < lengths[1] && lengths[1] < lengths[2])
    }

    @Test func sameSeedGivesTheSameAnswer() throws {
        let prompt = Generation.asking("Hello").prompt
        let answers = try [1, 1, 2, Int64.min].map { seed in
            try model.answer(to: Generation(prompt: prompt, seed: seed)).tokens
        }
        #expect(answers[0] == answers[1])
        #expect(answers[0] != answers[2])
    }

    private func messages(to text: String) throws -> [Message] {
        try model.answer(to: .asking(text)).messages
    }
}
