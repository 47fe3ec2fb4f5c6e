import Harmony
import HocketWire
import HocketWorker

extension Generation {
    /// What a router asks when a user says something.
    static func asking(_ text: String, outputTokensMax: Int? = nil) -> Generation {
        Generation(
            model: "simulated-gpt-oss",
            prompt: prompt(text),
            sampling: Sampling(outputTokensMax: outputTokensMax)
        )
    }

    private static func prompt(_ text: String) -> [TokenID] {
        let tokenizer = Tokenizer()
        return [SpecialToken.start.rawValue] + tokenizer.encode("user")
            + [SpecialToken.message.rawValue] + tokenizer.encode(text)
            + [SpecialToken.end.rawValue, SpecialToken.start.rawValue]
            + tokenizer.encode("assistant")
    }
}
