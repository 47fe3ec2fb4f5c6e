public import HocketEngine
public import NIOCore
import OpenAIAPI
public import ServiceLifecycle
import Synchronization

/// Makes the responses whose callers do not wait: a few at a time, the others in their order.
///
/// They go on whatever becomes of the client that asked. One that has to wait for a worker lets
/// others be made meanwhile. When the service is shut down, those that wait, for their turn or for
/// a worker, are ended at once, and those that are being made get
/// ``BackgroundLimits/drainTimeout``; then they are ended as failed. What a process leaves
/// unfinished that dies without a word, the next one ends when it starts.
///
/// An end that the store does not take is told from memory and tried again, after pauses that grow
/// from ``pauseMin`` to ``pauseMax``, until the store takes it or the service is over.
public final class BackgroundResponses: Service {
    enum Phase {
        case starting, running, ending
    }

    struct State {
        var phase = Phase.starting
        var responses: [String: BackgroundResponse] = [:]
        var queue: BackgroundQueue
        /// Those whose ends the store did not take.
        var unkept: [BackgroundResponse] = []
    }

    /// The first pause before an end is kept once more.
    public static let pauseMin = Duration.milliseconds(100)
    /// The longest.
    public static let pauseMax = Duration.seconds(10)

    let store: any ResponseStore
    let eventLoops: any EventLoopGroup
    let limits: BackgroundLimits
    private let now: @Sendable () -> WallTime
    let clock: any Clock<Duration>
    private let onRunning: @Sendable () async -> Void
    let state: Mutex<State>
    /// Those whose turn it is; never more than may be made at a time.
    let starts: AsyncStream<BackgroundResponse>
    let startsContinuation: AsyncStream<BackgroundResponse>.Continuation
    /// Raised when there is an end to be kept once more.
    let unkeptEnds = Signal()

    /// Creates a service; nothing is accepted until it runs.
    ///
    /// - Parameters:
    ///   - store: where the responses are kept; no earlier process has it any more.
    ///   - eventLoops: where tokens are turned into events.
    ///   - limits: how much is made at a time.
    ///   - now: the time of day.
    ///   - clock: measures the time that the end may take.
    ///   - onRunning: called once responses are accepted.
    public init(
        store: any ResponseStore,
        eventLoops: any EventLoopGroup,
        limits: BackgroundLimits = BackgroundLimits(),
        now: @escaping @Sendable () -> WallTime,
        clock: any Clock<Duration> = ContinuousClock(),
        onRunning: @escaping @Sendable () async -> Void = {}
    ) {
        self.store = store
        self.eventLoops = eventLoops
        self.limits = limits
        self.now = now
        self.clock = clock
        self.onRunning = onRunning
        state = Mutex(State(queue: BackgroundQueue(limits: limits)))
        (starts, startsContinuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(limits.runningMax)
        )
    }

    /// Ends what an earlier process left unfinished, then makes responses until the service shuts
    /// down.
    ///
    /// - Throws: ``StoreError`` when the store cannot be read or written at the start.
    public func run() async throws {
        try await store.endUnfinished(at: now().secondsSince1970)
        state.withLock { $0.phase = .running }
        await onRunning()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await self.makeAll()
                return true
            }
            group.addTask {
                await self.endAtShutdown()
                return false
            }
            group.addTask {
                await self.keepUnkeptEnds()
                return false
            }
            for await isAllMade in group where isAllMade { group.cancelAll() }
        }
    }

    // MARK: What the service is asked for

    /// The response with an id, if it is not over, or if the store does not know its end.
    subscript(id: String) -> BackgroundResponse? {
        state.withLock { $0.responses[id] }
    }

    /// Makes room for a response, which ``start(_:)`` or ``remove(_:)`` must follow.
    ///
    /// - Throws: ``APIError`` with status 429 when as many wait as may, and with 503 while the
    ///   service does not run.
    func admit(_ response: BackgroundResponse) throws(APIError) {
        try state.withLock { state throws(APIError) in
            try checkRoom(in: state)
            state.responses[response.id] = response
        }
    }

    /// Checks whether a response would be admitted now, before anything costly is done for it.
    ///
    /// - Throws: ``APIError`` as ``admit(_:)`` does.
    func checkRoom() throws(APIError) {
        try state.withLock { state throws(APIError) in try checkRoom(in: state) }
    }

    /// Checks whether one more response may wait for a worker.
    ///
    /// - Throws: ``APIError`` with status 429 when as many do as may.
    func checkRoomToWaitForWorker() throws(APIError) {
        let count = state.withLock { $0.queue.heldUp }
        guard count < limits.waitingMax else {
            throw .rateLimited(
                "Too many background responses wait for a worker "
                    + "(max: \(limits.waitingMax), actual: \(count)).",
                retryAfterSeconds: 1
            )
        }
    }

    private func checkRoom(in state: State) throws(APIError) {
        guard state.phase == .running else {
            throw .unavailable("Background responses are not made now.", retryAfterSeconds: 1)
        }
        // Those that wait for a worker have a limit of their own, or they would keep everybody out.
        let count = state.responses.count - state.queue.heldUp
        guard count < limits.runningMax + limits.waitingMax else {
            throw .rateLimited(
                "Too many background responses are made or wait "
                    + "(max: \(limits.runningMax) made, \(limits.waitingMax) waiting).",
                retryAfterSeconds: 1
            )
        }
    }

    /// Makes an admitted response when its turn comes.
    func start(_ response: BackgroundResponse) async {
        let isEnding = state.withLock { state in
            guard state.phase == .running else { return true }
            state.queue.arrived(response.id, for: response.model)
            startTurns(&state)
            return false
        }
        guard isEnding else { return }
        await response.stop(.shutDown)
        remove(response)
    }

    /// Ends a response that is not over as cancelled; returns when it is.
    func cancel(_ response: BackgroundResponse) async {
        let wasWaiting = state.withLock { $0.queue.withdrawn(response.id) }
        await response.stop(.cancelled)
        await response.log.completion()
        if wasWaiting { remove(response) }
    }

    /// Forgets a response that is over, as soon as its end is kept; may be told twice.
    func remove(_ response: BackgroundResponse) {
        let isUnkept = state.withLock { state in
            guard response.unkeptEnd == nil else {
                if !state.unkept.contains(where: { $0 === response }) {
                    state.unkept.append(response)
                }
                return true
            }
            state.responses[response.id] = nil
            return false
        }
        if isUnkept { unkeptEnds.raise() }
    }

    /// Starts those whose turn it is.
    func startTurns(_ state: inout State) {
        for id in state.queue.takeTurns() {
            guard let response = state.responses[id] else { continue }
            startsContinuation.yield(response)
        }
    }
}
