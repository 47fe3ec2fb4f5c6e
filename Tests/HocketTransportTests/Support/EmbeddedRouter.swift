import Harmony
import HocketEngine
import HocketWire
import NIOCore
import NIOEmbedded

@testable import HocketTransport

/// The router's end of one worker's connection, on an event loop whose time the test moves.
struct EmbeddedRouter {
    let channel = EmbeddedChannel()
    let pool: WorkerPool
    let handler: WorkerChannelHandler
    private let log = FrameLog(readBy: .worker)

    /// Connects, and says HELLO for the worker unless told otherwise.
    init(
        hello: Hello? = .worker(),
        times: ConnectionTimes = ConnectionTimes(),
        limits: WireLimits = WireLimits(),
        strangers: Strangers = Strangers(max: 1),
        windowTokens: Int = 4096,
        backlogBytesMax: Int = 1 << 20,
        pool: WorkerPool? = nil
    ) throws {
        self.pool = pool ?? WorkerPool(on: channel.eventLoop, windowTokens: windowTokens)
        let environment = WorkerListenerEnvironment(
            identity: .test("router"),
            limits: limits,
            policy: HelloPolicy(),
            helloTimeout: .seconds(5),
            strangers: strangers,
            times: times,
            backlogBytesMax: backlogBytesMax,
            logger: .quiet
        )
        handler = WorkerChannelHandler(
            pool: self.pool,
            environment: environment,
            peer: PeerCredentials(processID: 1, userID: 1),
            eventLoop: channel.eventLoop
        )
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/w")).wait()
        guard let hello else { return }
        try channel.writeInbound(ByteBuffer.greeting(hello))
        _ = try heard()
    }

    /// The worker says something.
    func say(_ message: WireMessage, on stream: StreamID = .connection) throws {
        try channel.writeInbound(ByteBuffer.frame(message, on: stream))
    }

    /// The worker accepts a stream.
    func accept(_ stream: StreamID) throws { try say(.accept(Accept()), on: stream) }

    /// The worker sends tokens.
    func say(_ tokens: [UInt32], on stream: StreamID) throws {
        try channel.writeInbound(ByteBuffer.step([(stream, tokens)]))
    }

    /// The worker sends tokens with their log probabilities.
    func say(_ tokens: [UInt32], _ logprobs: LogprobColumns, on stream: StreamID) throws {
        try channel.writeInbound(ByteBuffer.step([(stream, tokens, logprobs)]))
    }

    /// What the router has said since the last look.
    func heard() throws -> [RawWorker.Received] { try log.newFrames(in: channel) }

    /// The types of the frames that the router has said since the last look.
    func heardTypes() throws -> [FrameType] { try heard().map(\.message.frameType) }

    /// Time passes.
    func pass(_ amount: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: amount) }

    /// Asks the worker for a sampling.
    func submit(_ request: GenerationRequest = .example()) -> EmbeddedSampling {
        let sampling = EmbeddedSampling(
            of: self,
            request.sampling,
            hasDeadline: request.deadline != nil
        )
        handler.submit(request, for: sampling.stream)
        channel.embeddedEventLoop.run()
        return sampling
    }
}

/// A sampling of an ``EmbeddedRouter``: what came, and how it ended.
struct EmbeddedSampling {
    let sink = SinkLog()
    let stream: GenerationStream
    private let log: EndLog

    init(
        of router: EmbeddedRouter,
        _ sampling: Sampling = Sampling(),
        hasDeadline: Bool = false
    ) {
        let eventLoop = router.channel.embeddedEventLoop
        stream = GenerationStream(
            from: WorkerConnection(router.handler, eventLoop: eventLoop),
            to: NIOLoopBound<any TokenSink>(sink, eventLoop: eventLoop),
            windowTokens: router.pool.windowTokens,
            topLogprobs: sampling.topLogprobsAsked,
            hasDeadline: hasDeadline
        )
        log = EndLog()
        let bound = NIOLoopBound(log, eventLoop: eventLoop)
        stream.ended.whenSuccess { bound.value.end = $0 }
    }

    /// How it ended; nil while it runs.
    var end: SamplingEnd? { log.end }

    /// The caller leaves.
    func cancel() { stream.cancel(.clientGone) }

    /// The outcome; nil while it runs and when it failed.
    var outcome: GenerationOutcome? {
        if case .finished(let outcome) = end { outcome } else { nil }
    }

    /// Why it failed, begun or not; nil while it runs.
    var error: EngineError? {
        switch end {
        case .failed(let error), .notBegun(let error): error
        case .finished, nil: nil
        }
    }

    /// Whether another worker may take it.
    var isNotBegun: Bool {
        if case .notBegun = end { true } else { false }
    }
}

private final class EndLog {
    var end: SamplingEnd?
}

/// A sink that remembers what it got.
final class SinkLog: TokenSink {
    private(set) var tokens: [TokenID] = []
    private(set) var logprobs: [LogprobColumns] = []
    private(set) var control: (any GenerationControl)?
    /// Its client reads nothing.
    var isPausing = false

    func generationStarted(_ control: any GenerationControl) { self.control = control }

    func tokensReceived(_ newTokens: Span<TokenID>) {
        for index in newTokens.indices { tokens.append(newTokens[index]) }
    }

    func tokensReceived(_ newTokens: Span<TokenID>, _ newLogprobs: borrowing StepLogprobs) {
        logprobs.append(LogprobColumns(newLogprobs))
        tokensReceived(newTokens)
    }

    func readCompleted() -> TokenDemand { isPausing ? .paused : .more }
}

extension GenerationRequest {
    static func example(
        sampling: Sampling = Sampling(),
        constraint: Constraint? = nil,
        deadline: NIODeadline? = nil
    ) -> GenerationRequest {
        GenerationRequest(
            model: "m",
            id: RequestID(rawValue: 7),
            prompt: [1, 2, 3],
            sampling: sampling,
            constraint: constraint,
            deadline: deadline
        )
    }
}
