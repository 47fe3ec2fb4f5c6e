import HocketEngine
import HocketTesting
import HocketWire
import Logging
import NIOCore

@testable import HocketTransport
@testable import HocketWorker

/// One start of a worker: its process, its connection, and both ends of it.
final class VirtualWorker {
    let name: String
    /// Which of the workers, counted by name.
    let seat: Int
    let generation: UInt64
    let traits: WorkerTraits
    let process: VirtualProcess
    let engine: EngineControl
    /// What is on its way to the router, and to the worker.
    let (toRouter, toWorker): (VirtualPipe, VirtualPipe)
    let channel: VirtualChannel
    let handler: RouterChannelHandler
    let routerChannel: VirtualChannel
    let routerHandler: WorkerChannelHandler
    var killedAt: NIODeadline?
    private let admission: EventLoopPromise<Void>
    private let mailbox = EngineMailbox()

    /// Starts a worker, which connects to a router.
    init(
        seat: Int,
        generation: UInt64,
        traits: WorkerTraits,
        breach: Breach?,
        to router: VirtualRouter
    ) throws {
        (self.seat, self.generation, self.traits) = (seat, generation, traits)
        name = "w\(seat)"
        process = VirtualProcess(on: router.host)
        let loop = process.makeEventLoop()
        engine = EngineControl(traits.engine, breach: breach?.ofEngine, on: loop)
        (toRouter, toWorker) = (
            VirtualPipe(capacityBytes: traits.socketBytes),
            VirtualPipe(capacityBytes: traits.socketBytes)
        )
        channel = VirtualChannel(on: loop, reading: toWorker, writing: toRouter)
        admission = loop.makePromise()
        let routerLoop = router.host.random.choice(of: router.loops)
        routerChannel = VirtualChannel(on: routerLoop, reading: toRouter, writing: toWorker)
        routerHandler = WorkerChannelHandler(
            pool: router.pool,
            environment: router.environment,
            peer: PeerCredentials(processID: 1, userID: 1),
            eventLoop: routerLoop
        )
        handler = RouterChannelHandler(
            hello: .virtual(name, generation, SequenceEngine(engine), traits.limits, router.host),
            limits: traits.limits,
            consumer: mailbox,
            clock: { router.host.clock },
            admission: admission,
            admissionTimeout: .seconds(5),
            eventLoop: loop,
            logger: .quiet
        )
        try connect(breach)
    }

    private func connect(_ breach: Breach?) throws {
        let host = channel.loop.host
        try host.perform(on: channel.loop) {
            let pipeline = channel.pipeline.syncOperations
            if let breach = breach?.ofFrames { try pipeline.addHandler(RuleBreaker(breach)) }
            try pipeline.addHandler(handler)
            channel.activate()
        }
        try host.perform(on: routerChannel.loop) {
            try routerChannel.pipeline.syncOperations.addHandler(routerHandler)
            routerChannel.activate()
        }
    }

    /// Serves until the connection has ended.
    ///
    /// - Parameter onEnd: told how it ended; nil for a worker that failed.
    func serve(_ onEnd: @escaping @Sendable (ConnectionEnd?) -> Void) {
        let connection = channel.loop.host.perform(on: channel.loop) {
            RouterConnection(
                channel: channel,
                handler: NIOLoopBound(handler, eventLoop: channel.loop)
            )
        }
        let (engine, mailbox, admitted) = (engine, mailbox, admission.futureResult)
        // The task of the worker's process: the simulation lets it take its turns.
        Task(executorPreference: process) { @Sendable in
            do {
                try await admitted.get()
                try await Self.run(engine, mailbox, connection)
                onEnd(await connection.waitUntilClosed())
            } catch {
                onEnd(nil)
            }
        }
    }

    /// Runs the engine as long as the connection is there, and ends with either.
    private static func run(
        _ engine: EngineControl,
        _ mailbox: EngineMailbox,
        _ connection: RouterConnection
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                var loop = EngineLoop(SequenceEngine(engine))
                try await loop.run(requests: mailbox, connection: connection)
            }
            tasks.addTask {
                await withTaskCancellationHandler {
                    _ = await connection.waitUntilClosed()
                } onCancel: {
                    connection.close()
                }
            }
            try await tasks.next()
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
    }

    /// The process is killed.
    func kill() {
        guard killedAt == nil, channel.isActive else { return }
        killedAt = channel.loop.host.now
        channel.kill()
        process.resume()
    }
}
