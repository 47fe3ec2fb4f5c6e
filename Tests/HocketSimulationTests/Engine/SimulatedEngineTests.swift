import Harmony
import HocketTesting
import HocketWire
import HocketWorker
import NIOCore
import Testing

@testable import HocketSimulation
@testable import HocketTransport

/// The engine step by step, without a router.
@Suite struct SimulatedEngineTests {
    private static let script = "{\"pattern\": \"count\", \"tokens\": [1, 2, 3, 4, 5, 6, 7]}"

    // MARK: Steps

    @Test func givesEachStreamItsTokensInSteps() async throws {
        var engine = try engine(tokensPerStep: 3)
        try engine.start(.asking("count"), on: 1)
        try engine.start(.asking("count"), on: 3)
        #expect(try await engine.nextRows() == [1: [1, 2, 3], 3: [1, 2, 3]])
        #expect(try await engine.nextRows() == [1: [4, 5, 6], 3: [4, 5, 6]])
        let last = try await engine.next()
        #expect(last.tokensByStream == [1: [7], 3: [7]])
        #expect(last.finishes.map(\.stream) == [1, 3])
        #expect(last.finishes.allSatisfy { $0.finish.reason == .stop })
    }

    @Test func streamsBeginAndEndOnTheirOwn() async throws {
        var engine = try engine(tokensPerStep: 4)
        try engine.start(.asking("count"), on: 1)
        _ = try await engine.next()
        try engine.start(.asking("count"), on: 3)
        #expect(try await engine.nextRows() == [1: [5, 6, 7], 3: [1, 2, 3, 4]])
        #expect(try await engine.nextRows() == [3: [5, 6, 7]])
        #expect(try await engine.nextRows() == [:])
    }

    @Test func cancelledStreamGetsNothingMore() async throws {
        var engine = try engine(tokensPerStep: 2)
        try engine.start(.asking("count"), on: 1)
        _ = try await engine.next()
        engine.cancel(1)
        engine.cancel(1)
        let step = try await engine.next()
        #expect(step.isEmpty)
    }

    @Test func usageCountsPromptAndOutput() async throws {
        var engine = try engine(tokensPerStep: 10)
        let generation = Generation.asking("count")
        try engine.start(generation, on: 1)
        let finish = try #require(try await engine.next().finishes.first?.finish)
        #expect(finish.usage.promptTokens == generation.prompt.count)
        #expect(finish.usage.outputTokens == 7)
    }

    @Test func pacesItsStepsByTheRate() async throws {
        let clock = RecordingClock()
        var engine = try engine(tokensPerStep: 2, tokensPerSecond: 8, clock: clock)
        try engine.start(.asking("count"), on: 1)
        for _ in 0..<3 { _ = try await engine.next() }
        #expect(clock.sleeps == Array(repeating: .milliseconds(250), count: 3))
    }

    // MARK: Limits

    @Test(arguments: [0, 1, 3, 6])
    func limitOfTheOutputEndsWithLength(limit: Int) async throws {
        var engine = try engine(tokensPerStep: 10)
        try engine.start(.asking("count", outputTokensMax: limit), on: 1)
        let step = try await engine.next()
        #expect(step.tokensByStream[1] ?? [] == Array([1, 2, 3, 4, 5, 6, 7].prefix(limit)))
        #expect(step.finishes.map(\.finish.reason) == [.length])
    }

    @Test(arguments: [7, 8, 1000])
    func limitThatTheAnswerFitsIntoEndsWithStop(limit: Int) async throws {
        var engine = try engine(tokensPerStep: 10)
        try engine.start(.asking("count", outputTokensMax: limit), on: 1)
        #expect(try await engine.next().finishes.map(\.finish.reason) == [.stop])
    }

    @Test func contextEndsWithLength() async throws {
        let generation = Generation.asking("count")
        var options = try options(tokensPerStep: 10)
        options.contextTokensMax = generation.prompt.count + 4
        var engine = SimulatedEngine(options)
        try engine.start(generation, on: 1)
        let step = try await engine.next()
        #expect(step.tokensByStream == [1: [1, 2, 3, 4]])
        #expect(step.finishes.map(\.finish.reason) == [.length])
    }

    // MARK: Faults

    @Test func diesOnceAfterSoManyTokens() async throws {
        let deaths = Counter()
        var options = try options(tokensPerStep: 2)
        options.fault = SimulatedFault(.die, afterTokens: 4)
        var engine = SimulatedEngine(options, die: { deaths.increment() })
        try engine.start(.asking("count"), on: 1)
        _ = try await engine.next()
        _ = try await engine.next()
        #expect(deaths.value == 0)
        _ = try await engine.next()
        _ = try await engine.next()
        #expect(deaths.value == 1)
    }

    @Test func stallsUntilItIsCancelled() async throws {
        let clock = RecordingClock()
        var options = try options(tokensPerStep: 2)
        options.fault = SimulatedFault(.stall, afterTokens: 2)
        var engine = SimulatedEngine(options, clock: clock)
        try engine.start(.asking("count"), on: 1)
        _ = try await engine.next()
        #expect(clock.sleeps.isEmpty)
        _ = try await engine.next()
        #expect(clock.sleeps == [.seconds(365 * 86_400)])
    }

    @Test func sendsGarbageOnce() async throws {
        var options = try options(tokensPerStep: 2)
        options.fault = SimulatedFault(.garbage, afterTokens: 0)
        var engine = SimulatedEngine(options)
        try engine.start(.asking("count"), on: 1)
        #expect(try await engine.next().rawBytes != nil)
        #expect(try await engine.next().rawBytes == nil)
    }

    // MARK: Helpers

    private func options(
        tokensPerStep: Int,
        tokensPerSecond: Double? = nil
    ) throws -> SimulationOptions {
        SimulationOptions(
            tokensPerSecond: tokensPerSecond,
            tokensPerStep: tokensPerStep,
            script: try AnswerScript(jsonLines: Self.script)
        )
    }

    private func engine(
        tokensPerStep: Int,
        tokensPerSecond: Double? = nil,
        clock: any Clock<Duration> = RecordingClock()
    ) throws -> SimulatedEngine {
        SimulatedEngine(
            try options(tokensPerStep: tokensPerStep, tokensPerSecond: tokensPerSecond),
            clock: clock
        )
    }
}

extension SimulatedEngine {
    fileprivate mutating func next() async throws -> StepOutput {
        var output = StepOutput()
        try await step(into: &output)
        return output
    }

    fileprivate mutating func nextRows() async throws -> [StreamID: [UInt32]] {
        try await next().tokensByStream
    }
}

extension StepOutput {
    fileprivate var tokensByStream: [StreamID: [UInt32]] {
        rows.reduce(into: [:]) { $0[$1.stream, default: []] += tokens[$1.tokens] }
    }
}
