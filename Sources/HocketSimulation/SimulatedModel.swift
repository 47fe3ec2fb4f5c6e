import Harmony

/// Answers prompts the way a gpt-oss model would, without one.
///
/// It knows what a worker knows: the prompt's token ids. It reads them as Harmony, looks at the
/// last message, and writes some analysis and a final answer, in the tokens of the real
/// vocabulary.
struct SimulatedModel {
    private let tokenizer = Tokenizer()
    let script: AnswerScript

    /// The tokens that continue a prompt, stop token included.
    func answer(to prompt: [TokenID]) -> [TokenID] {
        let text = lastText(of: prompt)
        if let scripted = script.answer(to: text) { return scripted }
        return message(.analysis, analysis(of: text), end: .end)
            + [SpecialToken.start.rawValue] + tokenizer.encode("assistant")
            + message(.final, finalAnswer(to: text), end: .return)
    }

    /// What the prompt's last finished message says.
    private func lastText(of prompt: [TokenID]) -> String {
        var parser = HarmonyParser(startingAs: nil)
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: prompt, into: &collector)
        let last = collector.messages.last { $0.role != .assistant }
        return (last?.content ?? []).reduce(into: "") { text, content in
            if case .text(let part) = content { text += part }
        }
    }

    private func message(
        _ channel: Channel,
        _ text: String,
        end: SpecialToken
    ) -> [TokenID] {
        [SpecialToken.channel.rawValue] + tokenizer.encode(channel.rawValue)
            + [SpecialToken.message.rawValue] + tokenizer.encode(text) + [end.rawValue]
    }

    private func analysis(of text: String) -> String {
        "The user wrote \(text.count) characters. No model is running here, "
            + "so I can only repeat what was said."
    }

    private func finalAnswer(to text: String) -> String {
        guard !text.contains("long story") else { return Self.longStory }
        let quote = text.count <= 400 ? text : text.prefix(400) + "…"
        return "I am a simulation: no model reads this. You wrote: “\(quote)” "
            + "Attach a worker with a model, and this voice becomes its own."
    }

    /// Long enough to be cut by a small token limit, or to be cancelled on the way.
    private static let longStory =
        "Once there were three voices that shared one melody. "
        + String(
            repeating: "The first sang a note and rested, the second sang the next, "
                + "and the third waited for the gap between them. ",
            count: 60
        )
        + "So the melody went round, and nobody sang all of it."
}
