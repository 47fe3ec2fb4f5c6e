public import Harmony
public import HocketEngine
public import HocketWire

/// What a ``ScriptedBackend`` plays to the sink of one sampling.
public struct GenerationScript: Sendable {
    /// One thing after the other.
    public enum Step: Sendable {
        /// These tokens arrive in one read; never empty.
        case read([TokenID])
        /// The same, with as many log probabilities.
        case readLikely([TokenID], LogprobColumns)
        /// Nothing happens until the gate is open.
        case wait(Gate)
    }

    /// How the sampling ends.
    public enum End: Sendable {
        /// The model stopped.
        case finish(GenerationOutcome.Reason)
        /// Something went wrong.
        case fail(EngineError)
        /// Not by itself: it waits to be cancelled.
        case never
    }

    /// What happens, in order.
    public var steps: [Step]
    /// How it ends.
    public var end: End
    /// Why no worker takes the sampling, if none does; then nothing is played.
    public var refusal: EngineError?
    /// Tokens of the prompt that the engine claims to have had in its cache.
    public var cachedTokens = 0

    /// Creates a script.
    public init(steps: [Step], end: End = .finish(.stop)) {
        self.steps = steps
        self.end = end
    }

    /// Creates the script of a model that writes `text`, with Harmony's special tokens by name.
    ///
    /// - Parameters:
    ///   - text: what the model writes after `<|start|>assistant`.
    ///   - tokensPerRead: how many tokens each read brings; all in one read if nil.
    ///   - end: how the sampling ends.
    public init(_ text: String, tokensPerRead: Int? = 1, end: End = .finish(.stop)) {
        let tokens = Tokenizer().encode(text, allowing: SpecialToken.all)
        self.init(steps: Self.reads(of: tokens, tokensPerRead ?? tokens.count), end: end)
    }

    /// A sampling that no worker takes.
    public static func refused(_ error: EngineError) -> GenerationScript {
        var script = GenerationScript(steps: [], end: .fail(error))
        script.refusal = error
        return script
    }

    /// The script with a wait after its first `reads` steps.
    public func waiting(for gate: Gate, after reads: Int) -> GenerationScript {
        var script = self
        script.steps.insert(.wait(gate), at: min(reads, steps.count))
        return script
    }

    private static func reads(of tokens: [TokenID], _ tokensPerRead: Int) -> [Step] {
        guard tokensPerRead > 0 else { return [] }
        return stride(from: 0, to: tokens.count, by: tokensPerRead).map { start in
            .read(Array(tokens[start..<min(start + tokensPerRead, tokens.count)]))
        }
    }
}
