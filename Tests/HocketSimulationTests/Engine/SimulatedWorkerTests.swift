import Harmony
import HocketEngine
import HocketSimulation
import HocketTesting
import HocketTransport
import HocketWire
import HocketWorker
import NIOCore
import Testing

/// The simulated worker attached to a router over a real socket, with and without faults.
@Suite(.timeLimit(.minutes(1))) struct SimulatedWorkerTests {
    @Test func answersOverTheSocket() async throws {
        try await SimulatedPair.run(options()) { pair in
            let (outcome, tokens) = try await pair.ask("Hello?")
            #expect(try outcome.get().reason == .stop)
            #expect(try outcome.get().usage.outputTokens == tokens.count)
            #expect(Tokenizer().text(of: tokens).contains("“Hello?”"))
        }
    }

    @Test func limitOfTheOutputIsKept() async throws {
        try await SimulatedPair.run(options()) { pair in
            let (outcome, tokens) = try await pair.ask("Hello?", outputTokensMax: 5)
            #expect(try outcome.get().reason == .length)
            #expect(tokens.count == 5)
        }
    }

    @Test func promptThatFillsTheContextIsRefusedByName() async throws {
        var options = options()
        options.contextTokensMax = 4
        try await SimulatedPair.run(options) { pair in
            let (outcome, tokens) = try await pair.ask("Hello?")
            #expect(outcome.failure?.code == .invalidArgument)
            #expect(outcome.failure?.parameter == "input")
            #expect(outcome.failure?.message.contains("context: 4") == true)
            #expect(tokens.isEmpty)
        }
    }

    @Test func garbageEndsTheConnectionAndTheWorker() async throws {
        var options = options()
        options.fault = SimulatedFault(.garbage, afterTokens: 10)
        // As it is it would say the same again: a supervisor starts another.
        try await SimulatedPair.run(options, endsRefused: true) { pair in
            let (outcome, _) = try await pair.ask("Hello?")
            #expect(outcome.failure?.code == .workerLost)
        }
    }

    @Test func idOutsideTheVocabularyEndsTheConnection() async throws {
        var options = options()
        options.script = try AnswerScript(
            jsonLines: #"{"pattern": "Hello", "tokens": [1, 201088]}"#
        )
        try await SimulatedPair.run(options, endsRefused: true) { pair in
            let (outcome, _) = try await pair.ask("Hello?")
            #expect(outcome.failure?.code == .workerLost)
        }
    }

    @Test func stalledWorkerKeepsItsConnectionAndCanBeCancelled() async throws {
        var options = options()
        options.fault = SimulatedFault(.stall, afterTokens: 4)
        try await SimulatedPair.run(options) { pair in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                let sink = try await pair.sink()
                tasks.addTask {
                    let outcome = try await pair.ask("Hello?", into: sink)
                    #expect(outcome.failure?.code == .cancelled)
                }
                try await sink.waitForTokens(4)
                #expect(pair.pool.workerCount == 1)
                tasks.cancelAll()
                try await tasks.waitForAll()
                #expect(try await sink.tokens.count == 4)
            }
        }
    }

    @Test func faultThatKillsCallsWhatItWasGivenOnce() async throws {
        // In a process of its own that ends the process; here the worker survives it.
        let deaths = Counter()
        var options = options()
        options.fault = SimulatedFault(.die, afterTokens: 4)
        try await SimulatedPair.run(options, die: { deaths.increment() }) { pair in
            let (outcome, _) = try await pair.ask("Hello?")
            #expect(outcome.failure == nil)
            #expect(deaths.value == 1)
        }
    }

    private func options() -> SimulationOptions { SimulationOptions(tokensPerSecond: nil) }
}
