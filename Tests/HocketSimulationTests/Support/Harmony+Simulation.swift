import Harmony
import HocketWire
import HocketWorker

@testable import HocketSimulation

extension Generation {
    /// A prompt for the one model there is.
    init(prompt: [TokenID], constraint: Constraint? = nil, seed: Int64? = nil) {
        self.init(
            model: "simulated-gpt-oss",
            prompt: prompt,
            sampling: Sampling(seed: seed),
            constraint: constraint
        )
    }
}

extension SimulatedPrompt {
    /// What a worker reads of a conversation.
    static func of(_ messages: [Message]) throws -> SimulatedPrompt {
        let conversation = Conversation(messages: messages)
        return SimulatedPrompt(try HarmonyRenderer().renderForCompletion(conversation))
    }
}

extension Message {
    /// A message of the developer.
    static func developer(_ content: DeveloperContent) -> Message {
        Message(role: .developer, content: [.developer(content)])
    }

    /// The content as one text.
    var text: String {
        content.reduce(into: "") { text, content in
            if case .text(let part) = content { text += part }
        }
    }
}

extension PlannedAnswer {
    /// The messages, read as the router would.
    var messages: [Message] { tokens.messages }
}

extension [TokenID] {
    /// An answer's messages, read as the router would.
    var messages: [Message] {
        var parser = HarmonyParser(startingAs: .assistant)
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: self, into: &collector)
        return collector.messages
    }
}
