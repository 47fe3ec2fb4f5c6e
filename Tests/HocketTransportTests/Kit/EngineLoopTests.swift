import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Synchronization
import Testing

@testable import HocketWorker

/// What drives an engine, and when it stops.
@Suite(.timeLimit(.minutes(1))) struct EngineLoopTests {
    @Test func whatWaitsIsNotBegunOnceItIsCancelled() async throws {
        try await RawRouter.run { router in
            let (path, group) = (router.path, router.group)
            let control = LeavingEngine.Control()
            let loop = Task {
                let mailbox = EngineMailbox()
                let connection = try await RouterConnection.dial(
                    path,
                    as: .worker(),
                    limits: WireLimits(),
                    consumer: mailbox,
                    clock: { PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2) },
                    on: group,
                    logger: .quiet
                )
                for stream in [1, 3, 5] as [StreamID] { mailbox.submitted(.any, on: stream) }
                var loop = EngineLoop(LeavingEngine(control: control))
                try await loop.run(requests: mailbox, connection: connection)
                connection.close()
            }
            control.leave.withLock { $0 = { loop.cancel() } }
            _ = try await router.admit()
            try await loop.value
            #expect(control.calls.withLock { $0 } == ["start 1", "cancel 1"])
        }
    }

    @Test func engineThatTakesNoStreamsIsAskedAgainUntilItDoes() async throws {
        try await TestRouter.run { router in
            let control = RecoveringEngine.Control()
            let service = WorkerService(
                path: router.path,
                identity: .test("kit"),
                group: router.peerGroup,
                logger: .quiet,
                makeEngine: { RecoveringEngine(control: control) }
            )
            try await TestWorker.run(service) { _ in
                try await router.waitForWorkers(1)
                _ = await router.generate([0, 1], into: try await router.sink())
                try await waitUntil("the worker takes nothing") { router.pool.models.isEmpty }
                control.isWell.withLock { $0 = true }
                try await waitUntil("the worker takes streams") { !router.pool.models.isEmpty }
                let outcome = await router.generate([0, 1], into: try await router.sink())
                #expect(outcome.failure == nil)
            }
        }
    }

    @Test func stepThatGaveNoTokenIsToldToo() async throws {
        try await RawRouter.run { router in
            let identity = ProcessIdentity(
                instanceID: InstanceID(rawValue: 1),
                name: "kit",
                build: "test",
                clock: {
                    let now = NIODeadline.now().uptimeNanoseconds
                    return PeerClock(monotonicNanoseconds: now, realNanoseconds: now)
                }
            )
            let service = WorkerService(
                path: router.path,
                identity: identity,
                group: router.group,
                logger: .quiet,
                makeEngine: { SilentEngine() }
            )
            async let served: Void = service.run()
            let channel = try await router.admit(statusIntervalMilliseconds: 10)
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.any), on: 1))
            while true {
                guard case .status(let status) = try await router.receive(.status).message,
                    status.lastStepAgeNanoseconds != nil
                else { continue }
                break
            }
            try await channel.writeAndFlush(
                ByteBuffer.frame(.goAway(GoAway(lastStreamID: 1, reason: .replaced)))
            )
            try await channel.writeAndFlush(ByteBuffer.frame(.cancel(Cancel(.clientGone)), on: 1))
            try await served
        }
    }
}

/// An engine that takes no streams after its first, until it is well again.
private struct RecoveringEngine: InferenceEngine {
    final class Control: Sendable {
        let isWell = Mutex(false)
    }

    let control: Control
    let models = [ModelInfo(id: "m", contextTokensMax: 100)]
    let streamsMax = 4
    private var running: [StreamID] = []

    init(control: Control) { self.control = control }

    mutating func start(_ generation: Generation, on stream: StreamID) { running.append(stream) }

    mutating func step(into output: inout StepOutput) async {
        for stream in running {
            output.append([1], to: stream)
            output.finish(stream, .stop, usage: TokenUsage(outputTokens: 1))
        }
        running = []
        output.load = EngineLoad(isServing: control.isWell.withLock { $0 })
    }

    mutating func cancel(_ stream: StreamID) { running.removeAll { $0 == stream } }
}

/// An engine whose steps give nothing, as those of a long prompt do.
private struct SilentEngine: InferenceEngine {
    let models = [ModelInfo(id: "m", contextTokensMax: 100)]
    let streamsMax = 4

    func start(_ generation: Generation, on stream: StreamID) {}

    func step(into output: inout StepOutput) async {
        try? await Task.sleep(for: .milliseconds(1))
    }

    func cancel(_ stream: StreamID) {}
}

/// An engine whose worker leaves when the first stream is begun.
private struct LeavingEngine: InferenceEngine {
    final class Control: Sendable {
        let calls = Mutex<[String]>([])
        let leave = Mutex<(@Sendable () -> Void)?>(nil)

        func note(_ call: String) { calls.withLock { $0.append(call) } }
    }

    let control: Control
    let models = [ModelInfo(id: "m", contextTokensMax: 100)]
    let streamsMax = 4

    func start(_ generation: Generation, on stream: StreamID) {
        control.note("start \(stream)")
        control.leave.withLock { $0 }?()
    }

    func step(into output: inout StepOutput) async { control.note("step") }

    func cancel(_ stream: StreamID) { control.note("cancel \(stream)") }
}

extension Submit {
    fileprivate static let any = Submit(
        requestID: RequestID(rawValue: 1),
        prompt: [1],
        creditTokens: 1
    )
}
