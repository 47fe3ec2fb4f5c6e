import Harmony

/// What the simulation says, channel by channel.
struct AnswerText {
    /// The most characters of a text that are repeated.
    static let quotedCharactersMax = 400

    private let prompt: SimulatedPrompt
    private let seed: Int64

    init(_ prompt: SimulatedPrompt, seed: Int64) {
        self.prompt = prompt
        self.seed = seed
    }

    /// Its reasoning: two sentences, one with low effort, five with high.
    var analysis: String {
        let text = prompt.lastText
        let sentences = [
            "The last message has \(text.count) characters.",
            "No model is running here, so I can only repeat what was said.",
            "Tools that I know of: \(prompt.tools.count).",
            "Results that I was given: \(prompt.results.count).",
            "So I know what to do.",
        ]
        let counts: [ReasoningEffort: Int] = [.low: 1, .medium: 2, .high: 5]
        return sentences.prefix(counts[prompt.effort] ?? 2).joined(separator: " ")
    }

    /// What it says before it calls tools or answers, if it was asked for that.
    var preamble: String? {
        let text = (prompt.instructions + prompt.request).lowercased()
        return text.contains("preamble") ? "First I look at what I have." : nil
    }

    /// The answer as text.
    var answer: String {
        let text = prompt.request
        guard prompt.results.isEmpty else { return results }
        guard !text.lowercased().contains("long story") else { return Self.longStory }
        return "\(opening) no model reads this. You wrote: \(Self.quote(text)) "
            + "Attach a worker with a model, and this voice becomes its own."
    }

    private var results: String {
        prompt.results.map { "The tool \($0.tool) says: \(Self.quote($0.text))" }
            .joined(separator: " ")
    }

    private var opening: String {
        let openings = ["I am a simulation:", "This is a simulation:", "Here speaks a simulation:"]
        return openings[Int(seed.magnitude % UInt64(openings.count))]
    }

    private static func quote(_ text: String) -> String {
        text.count <= quotedCharactersMax ? "“\(text)”" : "“\(text.prefix(quotedCharactersMax))…”"
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
