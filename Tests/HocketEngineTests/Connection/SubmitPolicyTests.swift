import HocketTesting
import HocketWire
import Testing

@testable import HocketEngine

/// Which prompts a worker takes on, and which parameter it names when it does not.
@Suite struct SubmitPolicyTests {
    private let policy = SubmitPolicy(models: [
        ModelInfo(id: "small", contextTokensMax: 4), ModelInfo(id: "large", contextTokensMax: 8),
    ])

    @Test(arguments: ["", "small", "large"])
    func takesPromptForModelThatItServes(model: String) {
        #expect(policy.refusal(of: submit([1, 2, 3], for: model)) == nil)
    }

    @Test func refusesModelThatItDoesNotServe() {
        let status = policy.refusal(of: submit([1], for: "huge"))
        #expect(status?.code == .notFound)
        #expect(status?.parameter == "model")
    }

    @Test(arguments: [("", 4), ("small", 4), ("large", 8)])
    func refusesPromptThatFillsTheContext(model: String, count: Int) throws {
        let prompt = [UInt32](repeating: 1, count: count)
        let status = try #require(policy.refusal(of: submit(prompt, for: model)))
        #expect(status.code == .invalidArgument)
        #expect(status.parameter == "input")
        #expect(status.message.contains("\(count) tokens"))
        #expect(policy.refusal(of: submit(Array(prompt.dropLast()), for: model)) == nil)
    }

    @Test func refusesEmptyPrompt() {
        #expect(policy.refusal(of: submit([], for: ""))?.parameter == "input")
    }

    @Test func refusesTokenOutsideTheVocabulary() throws {
        #expect(policy.refusal(of: submit([201_087], for: "")) == nil)
        let status = try #require(policy.refusal(of: submit([1, 201_088], for: "")))
        #expect(status.parameter == "input")
        #expect(status.message.contains("201088"))
    }

    private func submit(_ prompt: [UInt32], for model: String) -> Submit {
        Submit(
            requestID: RequestID(rawValue: 1),
            model: model,
            prompt: prompt,
            creditTokens: 10
        )
    }
}
