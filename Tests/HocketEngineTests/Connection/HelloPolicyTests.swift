import HocketTesting
import HocketWire
import Testing

@testable import HocketEngine

/// Which workers are let in, and what the others are told.
@Suite struct HelloPolicyTests {
    private let policy = HelloPolicy()

    @Test func admitsWorker() {
        #expect(policy.refusal(of: .example) == nil)
    }

    @Test(arguments: [nil, Role.router])
    func refusesWhateverIsNoWorker(role: Role?) {
        var hello = Hello.example
        hello.role = role
        #expect(policy.refusal(of: hello)?.code == .invalidArgument)
    }

    @Test func refusesLaterMinorVersion() {
        var hello = Hello.example
        hello.minorMin = Preface.current.minor + 1
        hello.minorMax = Preface.current.minor + 3
        #expect(policy.refusal(of: hello)?.code == .unimplemented)
    }

    @Test func admitsWorkerThatSpeaksLaterMinorVersionsToo() {
        var hello = Hello.example
        hello.minorMax = Preface.current.minor + 3
        #expect(policy.refusal(of: hello) == nil)
    }

    @Test func refusesEachOtherControlToken() {
        let tokens: [WritableKeyPath<VocabularyIdentity, UInt32>] = [
            \.startOfText, \.endOfText, \.return, \.constrain, \.channel, \.start, \.end,
            \.message, \.call,
        ]
        for token in tokens {
            var hello = Hello.example
            hello.vocabulary[keyPath: token] += 1
            let status = policy.refusal(of: hello)
            #expect(status?.code == .failedPrecondition, "\(token)")
            let value = hello.vocabulary[keyPath: token]
            let message = status?.message ?? ""
            #expect(message.contains("_id is \(value) instead of \(value - 1)"), "\(token)")
            #expect(!message.contains(","), "nothing else differs")
        }
    }

    @Test func refusesOtherVocabularyAndNamesBoth() throws {
        var hello = Hello.example
        hello.vocabulary.name = "cl100k_base"
        hello.vocabulary.size = 100_277
        let status = try #require(policy.refusal(of: hello))
        #expect(status.code == .failedPrecondition)
        for part in ["cl100k_base", "100277", "o200k_harmony", "201088"] {
            #expect(status.message.contains(part))
        }
    }

    @Test(arguments: ["", String(repeating: "n", count: 257)])
    func refusesNameThatIsEmptyOrTooLong(name: String) {
        var hello = Hello.example
        hello.name = name
        #expect(policy.refusal(of: hello)?.parameter == "name")
    }

    @Test(arguments: [
        [], [ModelInfo(id: "", contextTokensMax: 10)], [ModelInfo(id: "m", contextTokensMax: 1)],
    ])
    func refusesWorkerWithoutUsableModel(models: [ModelInfo]) {
        var hello = Hello.example
        hello.models = models
        #expect(policy.refusal(of: hello)?.parameter == "models")
    }
}

extension Hello {
    static let example = Hello(
        role: .worker,
        instanceID: InstanceID(rawValue: 1),
        name: "gpu-0",
        generation: 1,
        build: "test",
        models: [ModelInfo(id: "gpt-oss-20b", contextTokensMax: 131_072)],
        clock: PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2)
    )
}
