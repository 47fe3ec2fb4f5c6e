import Harmony
import HocketTesting
import HocketWire
import HocketWorker
import Testing

@testable import HocketSimulation

/// What the worker without a model makes of probabilities, penalties and biases.
@Suite struct SimulatedLogitsTests {
    private let model = SimulatedModel(script: AnswerScript())

    private func spoken(
        _ sampling: Sampling,
        to text: String = "Hello"
    ) throws -> (tokens: [TokenID], logprobs: LogprobColumns?) {
        let plan = try model.answer(to: .asking(text))
        return SimulatedLogits.spoken(plan, by: sampling)
    }

    private func plain(_ text: String = "Hello") throws -> [TokenID] {
        try model.answer(to: .asking(text)).tokens
    }

    @Test func probabilitiesChangeNothing() throws {
        let (tokens, logprobs) = try spoken(Sampling(logprobs: true, topLogprobs: 20))
        #expect(try tokens == plain())
        #expect(logprobs?.count == tokens.count)
        #expect(logprobs?.topCount == 20)
        #expect(try spoken(Sampling(logprobs: true, topLogprobs: 20)).logprobs == logprobs)
        #expect(try spoken(Sampling()).logprobs == nil)
    }

    @Test func probabilitiesAreThoseOfTokensThatCouldHaveBeenDrawn() throws {
        let (tokens, logprobs) = try spoken(Sampling(logprobs: true, topLogprobs: 20))
        try #require(logprobs).withRow { row in
            for index in tokens.indices {
                let top = (0..<20).map { row.top(index, rank: $0) }
                #expect(row[index] <= 0)
                #expect(top[0].tokenID == tokens[index] && top[0].logprob == row[index])
                #expect(Set(top.map(\.tokenID)).count == 20)
                #expect(top.map(\.logprob) == top.map(\.logprob).sorted(by: >))
            }
        }
    }

    @Test func forbiddenTokenIsNotSaid() throws {
        let word = try #require(Tokenizer().encode(" simulation").first)
        #expect(try plain().contains(word))
        let (tokens, _) = try spoken(Sampling(logitBias: [.init(tokenID: word, bias: -100)]))
        #expect(!tokens.contains(word))
        #expect(try tokens.count == plain().count)
        #expect(tokens.messages.map(\.channel) == [.analysis, .final])
    }

    @Test func tokenThatIsForcedIsSaidAndNothingElse() throws {
        let word = try #require(Tokenizer().encode(" la").first)
        let (tokens, _) = try spoken(Sampling(logitBias: [.init(tokenID: word, bias: 100)]))
        let texts = tokens.messages.map(\.text)
        #expect(texts.allSatisfy { !$0.isEmpty && $0.replacing(" la", with: "").isEmpty })
    }

    @Test(arguments: [
        Sampling(frequencyPenalty: 2), Sampling(presencePenalty: 2, repetitionPenalty: 5),
    ])
    func penaltyMakesRepetitionsRarer(sampling: Sampling) throws {
        let story = "Tell me a long story"
        let planned = Dictionary(grouping: try plain(story)) { $0 }.mapValues(\.count)
        let (tokens, _) = try spoken(sampling, to: story)
        let said = Dictionary(grouping: tokens) { $0 }.mapValues(\.count)
        #expect(try #require(said.values.max()) < #require(planned.values.max()))
    }

    @Test func whatHasAFormKeepsIt() throws {
        let schema: JSONValue = ["enum": ["la la la la"]]
        let generation = Generation(
            prompt: Generation.asking("Hello").prompt,
            constraint: Constraint(.jsonSchema(Array(schema.compact.utf8)))
        )
        let plan = try model.answer(to: generation)
        let bias = Sampling(logitBias: [.init(tokenID: 0, bias: 100)], logprobs: true)
        let tokens = SimulatedLogits.spoken(plan, by: bias).tokens
        #expect(tokens.messages.last?.text == #""la la la la""#)
        #expect(tokens.messages.first?.text.contains("model") == false)
    }

    @Test func moreLikelyTokensThanAreWeighedAreRefused() {
        var engine = SimulatedEngine(SimulationOptions())
        var generation = Generation.asking("Hello")
        generation.sampling.topLogprobs = 21
        #expect(throws: WorkerError.self) { try engine.start(generation, on: 1) }
    }
}
