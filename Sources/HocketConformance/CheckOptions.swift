public import Harmony

/// What a check asks a worker for, and how long it waits for the worker itself.
public struct CheckOptions: Sendable {
    /// The model to ask for; empty for the worker's default.
    public var model: String

    /// What the worker is asked to go on from.
    ///
    /// The model at hand should have some forty tokens or more to say to it.
    public var prompt: [TokenID]

    /// How long the first connection may take to come.
    public var arrivalSecondsMax: Int

    /// How long each later one may: back-off is at most 2 seconds, and machines may be busy.
    public var returnSecondsMax: Int

    /// Creates options.
    public init(
        model: String = "",
        prompt: [TokenID] = CheckOptions.story,
        arrivalSecondsMax: Int = 30,
        returnSecondsMax: Int = 10
    ) {
        self.model = model
        self.prompt = prompt
        self.arrivalSecondsMax = arrivalSecondsMax
        self.returnSecondsMax = returnSecondsMax
    }

    /// A user who asks for a long story, in the Harmony format.
    public static let story: [TokenID] = {
        let tokenizer = Tokenizer()
        return [SpecialToken.start.rawValue] + tokenizer.encode("user")
            + [SpecialToken.message.rawValue] + tokenizer.encode("Tell me a long story.")
            + [SpecialToken.end.rawValue, SpecialToken.start.rawValue]
            + tokenizer.encode("assistant")
    }()
}
