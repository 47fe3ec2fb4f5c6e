import Harmony
import HocketEngine
import HocketWire
import NIOCore
import Synchronization

/// One sampling on its way from a worker's connection to its sink.
///
/// Connection and sink may live on two event loops. What belongs to either is kept in a box that
/// only its loop may open; everything else is immutable.
final class GenerationStream: Sendable {
    /// What the connection's loop knows.
    struct ConnectionSide {
        /// The stream's id once SUBMIT was sent.
        var id: StreamID?
        /// Cancelled before SUBMIT was sent, or after.
        var isCancelled = false
        /// Tokens came in this read, and the sink has not been told that it is over.
        var isInRead = false

        /// Tokens came.
        ///
        /// - Returns: whether they are the first of this read.
        mutating func readBegan() -> Bool {
            guard !isInRead else { return false }
            isInRead = true
            return true
        }
    }

    /// What the sink's loop knows.
    private struct SinkSide {
        /// Tokens delivered for which the worker was granted no credit again.
        var owedTokens = 0
        var isPaused = false
    }

    let sink: NIOLoopBound<any TokenSink>
    private let ending: EventLoopPromise<SamplingEnd>
    let connectionSide: NIOLoopBoundBox<ConnectionSide>
    private let sinkSide: NIOLoopBoundBox<SinkSide>
    private let connection: WorkerConnection
    /// Credit is returned in batches of this size, so that few CREDIT frames are sent.
    private let creditBatchTokens: Int
    /// How many likely tokens were asked for beside each token; nil where not even its own
    /// probability was.
    let topLogprobs: Int?
    /// Whether the worker was told of a time that may be over.
    let hasDeadline: Bool

    init(
        from connection: WorkerConnection,
        to sink: NIOLoopBound<any TokenSink>,
        windowTokens: Int,
        topLogprobs: Int? = nil,
        hasDeadline: Bool = false
    ) {
        self.connection = connection
        self.sink = sink
        sharesLoop = sink.eventLoop === connection.eventLoop
        ending = connection.eventLoop.makePromise()
        connectionSide = .makeBoxSendingValue(ConnectionSide(), eventLoop: connection.eventLoop)
        sinkSide = .makeBoxSendingValue(SinkSide(), eventLoop: sink.eventLoop)
        creditBatchTokens = max(1, windowTokens / 2)
        self.topLogprobs = topLogprobs
        self.hasDeadline = hasDeadline
    }

    /// Whether tokens can be handed over without a hop.
    let sharesLoop: Bool

    /// Whether its caller cancelled it; on the connection's loop.
    var isCancelled: Bool { connectionSide.value.isCancelled }

    /// Tells the sink that it may steer the sampling from now on.
    func announce() {
        guard sharesLoop else { return sink.eventLoop.execute { self.announceOnLoop() } }
        announceOnLoop()
    }

    /// How the sampling ended, once it has; it does not fail.
    var ended: EventLoopFuture<SamplingEnd> { ending.futureResult }

    /// The sampling is over; what ended it first counts.
    func end(_ end: SamplingEnd) { ending.succeed(end) }

    // MARK: On the connection's loop

    /// Tokens came.
    ///
    /// - Returns: whether they are the first of this read.
    func readBegan() -> Bool { connectionSide.value.readBegan() }

    /// The read is over.
    func readEnded() { connectionSide.value.isInRead = false }

    /// The worker told how many tokens of the prompt it had in its cache.
    func report(cachedTokens: Int) {
        guard cachedTokens > 0 else { return }
        guard sharesLoop else {
            return sink.eventLoop.execute { self.sink.value.cachedTokensReported(cachedTokens) }
        }
        sink.value.cachedTokensReported(cachedTokens)
    }

    // MARK: On the sink's loop

    private func announceOnLoop() {
        let control = StreamControl(self)
        ending.futureResult.whenComplete { _ in control.letGo() }
        sink.value.generationStarted(control)
    }

    func deliver(_ tokens: Span<TokenID>) {
        sinkSide.value.owedTokens += tokens.count
        sink.value.tokensReceived(tokens)
    }

    func deliver(_ tokens: Span<TokenID>, _ logprobs: borrowing StepLogprobs) {
        sinkSide.value.owedTokens += tokens.count
        sink.value.tokensReceived(tokens, logprobs)
    }

    func completeRead() {
        let demand = sink.value.readCompleted()
        sinkSide.value.isPaused = demand == .paused
        returnCredit()
    }

    private func returnCredit() {
        let owed = sinkSide.value.owedTokens
        guard !sinkSide.value.isPaused, owed >= creditBatchTokens else { return }
        sinkSide.value.owedTokens = 0
        connection.onLoop { $0.tokensConsumed(owed, on: self) }
    }

    // MARK: On any thread

    fileprivate func resume() {
        if sink.eventLoop.inEventLoop {
            resumeOnLoop()
        } else {
            sink.eventLoop.execute { self.resumeOnLoop() }
        }
    }

    private func resumeOnLoop() {
        sinkSide.value.isPaused = false
        returnCredit()
    }

    func cancel(_ reason: Cancel.Reason) {
        connection.onLoop { $0.cancel(self, reason) }
    }
}

/// What a sink holds of its stream: nothing once the stream is over, so that a sink that forgets to
/// let go of it leaks neither.
///
/// It lets go by being told, not by a weak reference: those make every retain of the stream dearer,
/// and each of its rows takes some.
private final class StreamControl: GenerationControl {
    private let stream: Mutex<GenerationStream?>

    init(_ stream: GenerationStream) {
        self.stream = Mutex(stream)
    }

    func resume() { current?.resume() }

    func cancel(_ reason: Cancel.Reason) { current?.cancel(reason) }

    func letGo() { stream.withLock { $0 = nil } }

    private var current: GenerationStream? { stream.withLock { $0 } }
}
