package import Harmony
package import HocketEngine
package import HocketWire
package import NIOCore

/// A sink that remembers what it got, to be asked from a test's task.
package struct TestSink: Sendable {
    package let eventLoop: any EventLoop
    /// What the pool is given.
    package let port: NIOLoopBound<any TokenSink>
    /// Lives as long as the sink that the pool was given.
    package let life: Life.Reference
    private let recorder: NIOLoopBound<TokenRecorder>

    /// Creates a sink.
    ///
    /// - Parameter pausing: whether it says that its client is slow until it is told otherwise.
    package init(on eventLoop: any EventLoop, pausing: Bool = false) async throws {
        self.eventLoop = eventLoop
        (port, life, recorder) = try await eventLoop.submit {
            let recorder = TokenRecorder(demand: pausing ? .paused : .more)
            return (
                NIOLoopBound<any TokenSink>(recorder, eventLoop: eventLoop),
                Life.Reference(recorder.life),
                NIOLoopBound(recorder, eventLoop: eventLoop)
            )
        }.get()
    }

    /// What has come so far.
    package var tokens: [TokenID] {
        get async throws { try await onLoop { $0.tokens } }
    }

    /// The log probabilities that came with tokens, read by read.
    package var logprobs: [LogprobColumns] {
        get async throws { try await onLoop { $0.logprobs } }
    }

    /// Waits until so many tokens have come in all.
    package func waitForTokens(_ count: Int) async throws {
        try await eventLoop.flatSubmit { recorder.value.whenTokens(count, on: eventLoop) }.get()
    }

    /// Waits until a worker has been given the sampling.
    package func waitForStart() async throws {
        try await eventLoop.flatSubmit { recorder.value.whenTokens(0, on: eventLoop) }.get()
    }

    /// The workers that were chosen for the sampling, in order.
    package var workers: [String] {
        get async throws { try await onLoop { $0.workers } }
    }

    /// How often a worker was given the sampling.
    package var startCount: Int {
        get async throws { try await onLoop { $0.startCount } }
    }

    /// How many tokens of the prompt the worker last said that it had in its cache.
    package var cachedTokens: Int {
        get async throws { try await onLoop { $0.cachedTokens } }
    }

    /// How often it was told that a read is complete.
    package var readCount: Int {
        get async throws { try await onLoop { $0.readCount } }
    }

    /// The client took what was waiting, and keeps up from now on.
    package func resume() async throws {
        try await onLoop {
            $0.demand = .more
            $0.control?.resume()
        }
    }

    /// The client is gone, or whatever else the reason says.
    package func cancel(_ reason: Cancel.Reason = .clientGone) async throws {
        try await onLoop { $0.control?.cancel(reason) }
    }

    /// The client will have gone when the loop comes to it.
    package func enqueueCancel() {
        eventLoop.execute { recorder.value.control?.cancel(.clientGone) }
    }

    /// Cancels from within the delivery of the n-th token.
    package func cancelAtToken(_ count: Int) async throws {
        try await onLoop { $0.cancelsAtToken = count }
    }

    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (TokenRecorder) -> Result
    ) async throws -> Result {
        try await eventLoop.submit { body(recorder.value) }.get()
    }
}

private final class TokenRecorder: TokenSink {
    let life = Life()
    private(set) var tokens: [TokenID] = []
    private(set) var logprobs: [LogprobColumns] = []
    private(set) var workers: [String] = []
    private(set) var startCount = 0
    private(set) var readCount = 0
    private(set) var cachedTokens = 0
    private(set) var control: (any GenerationControl)?
    var demand: TokenDemand
    var cancelsAtToken: Int?
    private var waiting: [(count: Int, promise: EventLoopPromise<Void>)] = []

    init(demand: TokenDemand) {
        self.demand = demand
    }

    func samplingPlaced(on worker: String) { workers.append(worker) }

    func generationStarted(_ control: any GenerationControl) {
        self.control = control
        startCount += 1
        notify()
    }

    func cachedTokensReported(_ count: Int) { cachedTokens = count }

    func tokensReceived(_ newTokens: Span<TokenID>) {
        for index in newTokens.indices { tokens.append(newTokens[index]) }
        if let cancelsAtToken, tokens.count >= cancelsAtToken { control?.cancel(.clientGone) }
        notify()
    }

    func tokensReceived(_ newTokens: Span<TokenID>, _ newLogprobs: borrowing StepLogprobs) {
        logprobs.append(LogprobColumns(newLogprobs))
        tokensReceived(newTokens)
    }

    func readCompleted() -> TokenDemand {
        readCount += 1
        return demand
    }

    func whenTokens(_ count: Int, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        waiting.append((count, promise))
        notify()
        return promise.futureResult
    }

    private func notify() {
        guard startCount > 0 else { return }
        for (count, promise) in waiting where count <= tokens.count { promise.succeed() }
        waiting.removeAll { $0.count <= tokens.count }
    }
}
