import Harmony
import HocketTesting
import HocketWire
import HocketWorker
import Testing

@testable import HocketSimulation

/// Answers keep the form that the constraint or the prompt asks for.
@Suite struct AnswerFormTests {
    private static let schema: JSONValue = [
        "type": "object", "required": ["title"], "properties": ["title": ["type": "string"]],
    ]

    @Test func responseFormatOfThePromptIsKept() throws {
        let content = DeveloperContent(
            responseFormats: [ResponseFormat(name: "song", schema: Self.schema)]
        )
        #expect(try answer([.developer(content)]) == #"{"title":"La"}"#)
    }

    @Test func constraintIsKept() throws {
        let text = Self.schema.compact
        #expect(try answer(constraint: .jsonSchema(Array(text.utf8))) == #"{"title":"La"}"#)
        #expect(try answer(constraint: .jsonObject) == "{}")
        #expect(try answer(constraint: .choice([Array("yes".utf8), Array("no".utf8)])) == "yes")
    }

    @Test func otherConstraintsAreRefused() throws {
        #expect(throws: WorkerError.self) { try answer(constraint: .regex([])) }
        #expect(throws: WorkerError.self) { try answer(constraint: .jsonSchema([])) }
        #expect(throws: WorkerError.self) { try answer(constraint: .jsonObject, from: .firstToken) }
    }

    private func answer(
        _ messages: [Message] = [],
        constraint kind: Constraint.Kind? = nil,
        from start: Constraint.Start = .finalChannel
    ) throws -> String? {
        let messages = messages + [Message(role: .user, content: "Sing \"La\"")]
        let prompt = try HarmonyRenderer().renderForCompletion(Conversation(messages: messages))
        let generation = Generation(
            prompt: prompt,
            constraint: kind.map { Constraint($0, start: start) }
        )
        return try SimulatedModel(script: AnswerScript()).answer(to: generation).messages.last?.text
    }
}
