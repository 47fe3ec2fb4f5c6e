import Harmony
import HocketEngine
import HocketTesting

/// One of very many ways in which a response can go, the same for the same seed.
struct SeededCourse {
    let script: GenerationScript
    /// How many sends the client takes before it stops reading for a while.
    let sendsUntilFull: Int?
    /// After how many tokens the client leaves.
    let tokensUntilLeaving: Int?

    init(seed: UInt64) {
        let randomness = SeededRandomness(seed: seed)
        func draw(_ range: Range<Int>) -> Int {
            range.lowerBound + Int(randomness.next() % UInt64(range.count))
        }
        var steps: [GenerationScript.Step] = []
        for _ in 0..<draw(0..<20) {
            steps.append(.read((0..<draw(1..<12)).map { _ in Self.token(draw) }))
        }
        let error = EngineError(code: .workerLost, message: "seed \(seed)")
        let ends: [GenerationScript.End] = [.finish(.stop), .finish(.length), .fail(error)]
        script = GenerationScript(steps: steps, end: ends[draw(0..<3)])
        sendsUntilFull = draw(0..<2) == 0 ? nil : draw(1..<10)
        tokensUntilLeaving = draw(0..<4) > 0 ? nil : draw(0..<60)
    }

    /// Mostly what makes and breaks messages: markers, and the words of headers.
    private static func token(_ draw: (Range<Int>) -> Int) -> TokenID {
        switch draw(0..<4) {
        case 0: markers[draw(0..<markers.count)]
        case 1, 2: words[draw(0..<words.count)]
        default: TokenID(draw(0..<Vocabulary.ordinarySize))
        }
    }

    private static let markers: [TokenID] = [
        SpecialToken.start, .channel, .message, .end, .return, .call, .constrain,
    ].map(\.rawValue)

    private static let words = Tokenizer().encode(
        "assistant analysis final commentary to=functions.f json {\"a\":1} Hello 👋🏽"
    )
}
