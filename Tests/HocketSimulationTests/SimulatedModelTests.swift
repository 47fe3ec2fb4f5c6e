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
        #expect(text(of: messages[0]).contains("17 characters"))
        #expect(text(of: messages[1]).contains("“What is a hocket?”"))
    }

    @Test func endsWithReturn() {
        let tokens = model.answer(to: Generation.asking("Hello").prompt)
        #expect(tokens.last == SpecialToken.return.rawValue)
        #expect(tokens.filter { $0 == SpecialToken.return.rawValue }.count == 1)
    }

    @Test func quotesTextOfManyScripts() throws {
        let text = "Grüße, 日本語, 👩‍👩‍👧 and <|end|> as text"
        #expect(try self.text(of: messages(to: text)[1]).contains(text))
    }

    @Test func quotesLongTextInPart() throws {
        let answer = try text(of: messages(to: String(repeating: "ab", count: 1000))[1])
        #expect(answer.contains(String(repeating: "ab", count: 200) + "…"))
        #expect(!answer.contains(String(repeating: "ab", count: 201)))
    }

    @Test func tellsALongStoryWhenAsked() throws {
        let tokens = model.answer(to: Generation.asking("Tell me a long story").prompt)
        #expect(tokens.count > 1000)
    }

    @Test func readsTheLastMessageOfAConversation() throws {
        let conversation = Conversation(messages: [
            Message(role: .user, content: "first"),
            Message(role: .assistant, channel: .final, content: "an answer"),
            Message(role: .user, content: "second"),
        ])
        let prompt = try HarmonyRenderer().renderForCompletion(conversation)
        let answer = try text(of: messages(from: model.answer(to: prompt))[1])
        #expect(answer.contains("second"))
        #expect(!answer.contains("first"))
    }

    @Test func promptWithoutMessagesIsAnsweredToo() throws {
        #expect(try messages(from: model.answer(to: [])).count == 2)
        #expect(try messages(from: model.answer(to: [1, 2, 200_007, 200_006])).count == 2)
    }

    private func messages(to text: String) throws -> [Message] {
        try messages(from: model.answer(to: Generation.asking(text).prompt))
    }

    /// Reads an answer as the router would.
    private func messages(from tokens: [TokenID]) throws -> [Message] {
        var parser = HarmonyParser(startingAs: .assistant)
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: tokens, into: &collector)
        return collector.messages
    }

    private func text(of message: Message) -> String {
        message.content.reduce(into: "") { text, content in
            if case .text(let part) = content { text += part }
        }
    }
}
