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
