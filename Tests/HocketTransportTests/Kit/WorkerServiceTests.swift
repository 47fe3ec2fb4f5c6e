import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import HocketWorker
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

/// A worker made with the kit, attached to a router over a real socket.
@Suite(.timeLimit(.minutes(1))) struct WorkerServiceTests {
    @Test(arguments: [1, 2])
    func servesSamplings(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            try await TestWorker.run(counting(for: router)) { _ in
                try await router.waitForWorkers(1)
                for count in [1, 2, 3, 1000] as [UInt32] {
                    let sink = try await router.sink(onLoop: 1)
                    let outcome = await router.generate([0, count], into: sink)
                    #expect(try outcome.get().reason == .stop)
                    #expect(try outcome.get().usage.outputTokens == Int(count))
                    #expect(try await sink.tokens == (0..<count).map(\.self))
                }
            }
        }
    }

    @Test(arguments: [1, 2, 7, 64])
    func smallWindowsLoseNoToken(windowTokens: Int) async throws {
        try await TestRouter.run(windowTokens: windowTokens, loops: 2) { router in
            try await TestWorker.run(counting(for: router)) { _ in
                try await router.waitForWorkers(1)
                let sinks = try await router.sinks(4)
                await withTaskGroup(of: Void.self) { tasks in
                    for sink in sinks {
                        tasks.addTask {
                            let outcome = await router.generate([0, 500], into: sink)
                            #expect(outcome.failure == nil)
                        }
                    }
                }
                for sink in sinks { #expect(try await sink.tokens == (0..<500).map(\.self)) }
            }
        }
    }

    @Test func pausedSinkStopsItsStreamAtTheWindowWhileTheEngineGoesOn() async throws {
        try await TestRouter.run(windowTokens: 10) { router in
            try await TestWorker.run(counting(for: router)) { _ in
                try await router.waitForWorkers(1)
                let slow = try await router.sink(pausing: true)
                async let slowOutcome = router.generate([0, 100], into: slow)
                try await slow.waitForTokens(10)
                // The neighbour's hundred tokens came after: had there been more for the slow one,
                // they would have come with them.
                let fast = try await router.sink()
                _ = try await router.generate([0, 100], into: fast).get()
                #expect(try await slow.tokens == (0..<10).map(\.self))
                try await slow.resume()
                #expect(try await slowOutcome.get().reason == .stop)
                #expect(try await slow.tokens == (0..<100).map(\.self))
            }
        }
    }

    @Test func refusalOfTheEngineNamesTheParameter() async throws {
        try await TestRouter.run { router in
            try await TestWorker.run(counting(for: router)) { _ in
                try await router.waitForWorkers(1)
                let outcome = await router.generate([5], into: try router.sink())
                #expect(outcome.failure?.code == .invalidArgument)
                #expect(outcome.failure?.parameter == "input")
            }
        }
    }

    @Test func cancelReachesTheEngineAfterItsStep() async throws {
        try await TestRouter.run { router in
            let control = CountingEngine.Control(gateIsOpen: false)
            let service = WorkerService.counting(
                for: router.path,
                on: router.peerGroup,
                control: control
            )
            try await TestWorker.run(service) { _ in
                try await router.waitForWorkers(1)
                let sink = try await router.sink()
                async let outcome = router.generate([0, 100], into: sink)
                // What is cancelled before the engine took it never reaches it.
                try await waitUntil("the engine has it") { control.started == [1] }
                try await sink.cancel()
                #expect(await outcome.failure?.code == .cancelled)
                control.gate.open()
                try await waitUntil("the engine forgot the stream") { control.cancelled == [1] }
                #expect(try await sink.tokens == [])
            }
        }
    }

    // MARK: Leaving

    @Test func gracefulShutdownFinishesRunningStreams() async throws {
        try await TestRouter.run { router in
            let control = CountingEngine.Control(gateIsOpen: false)
            let service = WorkerService.counting(
                for: router.path,
                on: router.peerGroup,
                control: control
            )
            try await TestWorker.run(service) { worker in
                try await router.waitForWorkers(1)
                let sink = try await router.sink()
                async let outcome = router.generate([0, 50], into: sink)
                // What the worker had not begun when it leaves is sent elsewhere.
                try await waitUntil("the engine has it") { control.started == [1] }
                await worker.drain()
                try await waitUntil("the router knows that it drains") {
                    router.pool.models.isEmpty
                }
                control.gate.open()
                #expect(try await outcome.get().reason == .stop)
                #expect(try await sink.tokens == (0..<50).map(\.self))
            }
            try await router.waitForWorkers(0)
        }
    }

    @Test func replacedWorkerFinishesItsStreamsAndEnds() async throws {
        try await TestRouter.run(loops: 2) { router in
            let control = CountingEngine.Control(gateIsOpen: false)
            let old = WorkerService.counting(
                for: router.path,
                on: router.peerGroup,
                control: control
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await old.run() }
                try await router.waitForWorkers(1)
                let sink = try await router.sink()
                tasks.addTask {
                    let outcome = await router.generate([0, 50], into: sink)
                    #expect(outcome.failure == nil)
                }
                try await sink.waitForStart()
                let new = WorkerService.counting(
                    for: router.path,
                    on: router.peerGroup,
                    generation: 2
                )
                try await TestWorker.run(new) { _ in
                    try await router.waitForWorkers(2)
                    control.gate.open()
                    // The old one's service returns by itself, without an error.
                    try await tasks.waitForAll()
                    let next = try await router.sink()
                    #expect(await router.generate([0, 3], into: next).failure == nil)
                }
            }
        }
    }

    @Test func workerDialsAgainWhenItsRouterIsRestarted() async throws {
        try await withFolder { folder in
            try await withLoops(1) { group in
                let router = TestRouter(
                    path: try SocketPath(folder.file("w.sock")),
                    pool: WorkerPool(on: group.next()),
                    group: group,
                    peerGroup: group
                )
                let service = WorkerService.counting(
                    for: router.path,
                    on: group,
                    clock: ContinuousClock()
                )
                try await TestWorker.run(service) { _ in
                    for _ in 0..<3 {
                        try await router.listening { router in
                            try await router.waitForWorkers(1)
                            let sink = try await router.sink()
                            #expect(await router.generate([0, 9], into: sink).failure == nil)
                        }
                        #expect(router.pool.workerCount == 0)
                    }
                }
            }
        }
    }

    // MARK: Failing

    @Test func refusalOfTheRouterEndsTheService() async throws {
        try await TestRouter.run { router in
            let rival = try await RawWorker.attached(
                to: router,
                as: .worker("kit", generation: 9)
            )
            let error = await #expect(throws: TransportError.self) {
                try await WorkerService.counting(for: router.path, on: router.peerGroup).run()
            }
            #expect(error?.code == .refused)
            #expect(error?.message.contains("generation 9") == true)
            try await rival.close()
        }
    }

    @Test func engineThatCannotGoOnEndsTheService() async throws {
        try await TestRouter.run { router in
            let control = CountingEngine.Control(gateIsOpen: false)
            let service = WorkerService.counting(
                for: router.path,
                on: router.peerGroup,
                control: control
            )
            async let failure = Self.failure(of: service)
            try await router.waitForWorkers(1)
            let sink = try await router.sink()
            async let outcome = router.generate([0, 50], into: sink)
            try await sink.waitForStart()
            control.fail(with: WorkerError(.internal, "the device fell off"))
            control.gate.open()
            #expect(await outcome.failure?.code == .workerLost)
            #expect(await failure?.status.message == "the device fell off")
        }
    }

    @Test func engineThatCannotGoOnTellsTheRouterWhy() async throws {
        try await RawRouter.run { router in
            let control = CountingEngine.Control()
            control.fail(with: WorkerError(.internal, "the device fell off"))
            let service = WorkerService.counting(
                for: router.path,
                on: router.group,
                control: control
            )
            async let failure = Self.failure(of: service)
            let channel = try await router.admit()
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 1))
            let last = try await router.receive(.connectionError)
            guard case .connectionError(let status) = last.message else { return }
            #expect(status.code == .internal)
            #expect(status.message == "the engine failed: the device fell off")
            #expect(try await router.receive() == nil)
            #expect(await failure != nil)
        }
    }

    @Test func stepThatIgnoresItsCancellationEndsTheServiceInTime() async throws {
        try await RawRouter.run { router in
            let engine = DeafEngine()
            let service = WorkerService(
                path: router.path,
                identity: .test("kit"),
                stallTimeout: .milliseconds(50),
                group: router.group,
                logger: .quiet,
                makeEngine: { engine }
            )
            async let failure = Self.failure(of: service)
            let channel = try await router.admit()
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 1))
            await engine.stepBegan.opened()
            try await channel.close()
            #expect(await failure?.status.message.contains("goes on") == true)
            engine.mayEnd.open()
        }
    }

    @Test func engineIsToldWhatTheRequestIsCalled() async throws {
        try await RawRouter.run { router in
            let engine = DeafEngine()
            let service = WorkerService(
                path: router.path,
                identity: .test("kit"),
                group: router.group,
                logger: .quiet,
                makeEngine: { engine }
            )
            async let failure = Self.failure(of: service)
            let channel = try await router.admit([.priority, .cacheSalt])
            var submit = Submit.example
            submit.requestID = RequestID(rawValue: 77)
            submit.traceParent = "00-1-2-01"
            submit.traceState = "a=b"
            submit.priority = 3
            submit.cacheSalt = [9]
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(submit), on: 1))
            await engine.stepBegan.opened()
            let generation = engine.started.generation
            #expect(generation?.requestID == RequestID(rawValue: 77))
            #expect(generation?.traceParent == "00-1-2-01")
            #expect(generation?.traceState == "a=b")
            #expect(generation?.priority == 3)
            #expect(generation?.cacheSalt == [9])
            engine.mayEnd.open()
            let refusal = Status(.failedPrecondition, "enough")
            try await channel.writeAndFlush(ByteBuffer.frame(.connectionError(refusal)))
            _ = await failure
        }
    }

    @Test func refusalForGoodOfAWorkerThatWasInEndsTheService() async throws {
        try await RawRouter.run { router in
            let (path, group) = (router.path, router.group)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    let error = await #expect(throws: TransportError.self) {
                        try await WorkerService.counting(for: path, on: group).run()
                    }
                    #expect(error?.code == .refused)
                }
                let channel = try await router.admit()
                let refusal = Status(.failedPrecondition, "enough")
                try await channel.writeAndFlush(ByteBuffer.frame(.connectionError(refusal)))
                try await tasks.waitForAll()
            }
        }
    }

    @Test func engineThatHangsDoesNotKeepAWorkerWhoseRouterIsGone() async throws {
        try await TestRouter.run { router in
            let control = CountingEngine.Control(gateIsOpen: false)
            let service = WorkerService.counting(
                for: router.path,
                on: router.peerGroup,
                control: control
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await service.run() }
                try await router.waitForWorkers(1)
                let sink = try await router.sink()
                async let outcome = router.generate([0, 50], into: sink)
                try await sink.waitForStart()
                // The gate stays shut. Cancelling closes the connection, and the step with it.
                tasks.cancelAll()
                try await tasks.waitForAll()
                #expect(await outcome.failure?.code == .workerLost)
            }
        }
    }

    private func counting(for router: TestRouter) -> WorkerService<CountingEngine> {
        .counting(for: router.path, on: router.peerGroup)
    }

    private static func failure(of service: some Service) async -> WorkerError? {
        do {
            try await service.run()
            return nil
        } catch {
            return error as? WorkerError
        }
    }
}

/// What an engine was asked for last.
private final class Started: Sendable {
    private let state = Mutex<Generation?>(nil)

    var generation: Generation? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// An engine whose step hears nothing of its task's cancellation.
private struct DeafEngine: InferenceEngine {
    let started = Started()
    let stepBegan = HocketTesting.Gate()
    let mayEnd = HocketTesting.Gate()
    let models = [ModelInfo(id: "m", contextTokensMax: 100)]
    let streamsMax = 4
    let capabilities: Capabilities = [.priority, .cacheSalt]

    func start(_ generation: Generation, on stream: StreamID) {
        started.generation = generation
    }

    func step(into output: inout StepOutput) async {
        stepBegan.open()
        await mayEnd.opened()
    }

    func cancel(_ stream: StreamID) {}
}

extension TestRouter {
    /// Sinks on all loops in turn.
    func sinks(_ count: Int) async throws -> [TestSink] {
        var sinks: [TestSink] = []
        for index in 0..<count { sinks.append(try await sink(onLoop: index)) }
        return sinks
    }
}
