import Harmony
import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import HocketWorker
import NIOCore
import Synchronization
import Testing

/// Workers whose engines are sequences of tokens.
@Suite(.timeLimit(.minutes(1))) struct TokenSourceTests {
    @Test(arguments: [1, 7, 4096])
    func everyStreamGetsTheTokensOfItsSequence(windowTokens: Int) async throws {
        try await TestRouter.run(windowTokens: windowTokens, loops: 2) { router in
            try await serve(CountingSource(), for: router) {
                let sinks = try await router.sinks(4)
                await withTaskGroup(of: Void.self) { tasks in
                    for sink in sinks {
                        tasks.addTask {
                            let outcome = await router.generate([0, 200], into: sink)
                            #expect(outcome.failure == nil)
                        }
                    }
                }
                for sink in sinks { #expect(try await sink.tokens == (0..<200).map(\.self)) }
            }
        }
    }

    @Test func streamEndsWithItsStopToken() async throws {
        try await TestRouter.run { router in
            try await serve(CountingSource(stopTokenIDs: [5]), for: router) {
                let sink = try await router.sink()
                let outcome = try await router.generate([0, 200], into: sink).get()
                #expect(outcome.reason == .stop)
                #expect(outcome.usage.outputTokens == 6)
                #expect(try await sink.tokens == [0, 1, 2, 3, 4, 5])
            }
        }
    }

    @Test func errorEndsItsStreamAlone() async throws {
        try await TestRouter.run { router in
            try await serve(CountingSource(), for: router) {
                let failing = try await router.sink()
                let refused = await router.generate([0, 13], into: failing)
                #expect(refused.failure?.code == .invalidArgument)
                #expect(refused.failure?.parameter == "input")
                let sink = try await router.sink()
                #expect(await router.generate([0, 3], into: sink).failure == nil)
            }
        }
    }

    @Test func sequenceThatGivesNothingHoldsUpNoOther() async throws {
        try await TestRouter.run { router in
            let source = CountingSource()
            try await serve(source, for: router) {
                let silent = try await router.sink()
                async let outcome = router.generate([0, 0], into: silent)
                try await silent.waitForStart()
                let sink = try await router.sink()
                #expect(await router.generate([0, 3], into: sink).failure == nil)
                try await silent.cancel()
                #expect(await outcome.failure?.code == .cancelled)
                // Its task is cancelled, not merely forgotten.
                try await waitUntil("the sequence has ended") { source.silenced.isCancelled }
            }
        }
    }

    private func serve(
        _ source: CountingSource,
        for router: TestRouter,
        _ body: () async throws -> Void
    ) async throws {
        let service = WorkerService(
            path: router.path,
            identity: .test("kit"),
            group: router.peerGroup,
            logger: .quiet,
            makeEngine: { TokenSourceEngine(source) }
        )
        try await TestWorker.run(service) { _ in
            try await router.waitForWorkers(1)
            try await body()
        }
    }
}

/// Counts from 0 to below the prompt's last token; refuses 13, and says nothing for 0.
private struct CountingSource: TokenSource {
    /// Whether the task of a silent sequence was cancelled.
    final class Silenced: Sendable {
        private let state = Mutex(false)

        var isCancelled: Bool { state.withLock { $0 } }

        func noteCancelled() { state.withLock { $0 = true } }
    }

    let silenced = Silenced()
    let models: [ModelInfo]
    let streamsMax = 8

    init(stopTokenIDs: [TokenID] = []) {
        models = [
            ModelInfo(id: "m", contextTokensMax: 1_000_000, stopTokenIDs: stopTokenIDs)
        ]
    }

    func tokens(for generation: Generation) async throws -> AsyncStream<TokenID> {
        let end = generation.prompt.last ?? 0
        guard end != 13 else {
            throw WorkerError(.invalidArgument, "thirteen", parameter: "input")
        }
        guard end > 0 else {
            return AsyncStream { [silenced] in
                try? await Task.sleep(for: .seconds(3600))
                silenced.noteCancelled()
                return nil
            }
        }
        let next = Mutex<TokenID>(0)
        return AsyncStream {
            next.withLock { next in
                defer { next += 1 }
                return next < end ? next : nil
            }
        }
    }
}
