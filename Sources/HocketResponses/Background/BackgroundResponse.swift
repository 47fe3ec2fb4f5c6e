import HocketEngine
import NIOCore
import OpenAIAPI
import Synchronization

/// A response that is made while nobody need wait for it.
///
/// It waits for its turn and for a worker, is made, and is over; one that is stopped while it waits
/// is over at once.
final class BackgroundResponse: Sendable {
    /// Why a response is ended before it is complete.
    enum Stop {
        /// Its caller does not want it any more.
        case cancelled
        /// The process ends.
        case shutDown
    }

    enum Phase {
        case waiting, running, over
    }

    struct State {
        var phase = Phase.waiting
        var stop: Stop?
        /// Its place at a worker, once it has asked for one.
        var placing: Placing?
        /// How it ended, as long as the store has not taken that.
        var unkeptEnd: ResponseState?
    }

    /// What happens first while tokens are sampled.
    private enum Step {
        case sampled(EngineError?)
        case storeFailed(StoreError)
        case stopped
    }

    let id: String
    let log: ResponseLog
    let prepared: PreparedResponse
    private let record: ResponseRecord
    /// The response as it was when it was accepted.
    private let queued: ResponseEventMachine
    let state = Mutex(State())
    private let stops = Signal()

    init(
        _ prepared: PreparedResponse,
        queued: ResponseEventMachine,
        record: ResponseRecord,
        log: ResponseLog
    ) {
        id = queued.id
        self.prepared = prepared
        self.queued = queued
        self.record = record
        self.log = log
    }

    /// Makes the response, unless it was stopped while it waited; returns when it is over.
    func run(on eventLoop: any EventLoop) async {
        guard let placing = begin() else { return await log.completion() }
        // However it ends, its place is free then.
        defer { placing.admission?.release() }
        let session = await session(on: eventLoop, startedAt: placing.startedAt)
        let failure = await make(in: session, placing)
        await end(session, failing: failure)
        log.onRoom(nil)
    }

    /// Ends the response as soon as possible, unless it is over.
    func stop(_ reason: Stop) async {
        let (wasWaiting, admission) = state.withLock { state -> (Bool, (any Admission)?) in
            guard state.phase != .over else { return (false, nil) }
            state.stop = state.stop ?? reason
            guard state.phase == .waiting else { return (false, nil) }
            state.phase = .over
            return (true, state.placing?.admission)
        }
        guard wasWaiting else { return stops.raise() }
        admission?.release()
        await endWaiting(reason)
    }

    /// - Returns: its place; nil if it is not to be made any more.
    private func begin() -> Placing? {
        state.withLock { state in
            guard state.phase == .waiting else { return nil }
            state.phase = .running
            return state.placing
        }
    }

    // MARK: Making it

    private func session(
        on eventLoop: any EventLoop,
        startedAt: NIODeadline
    ) async -> NIOLoopBound<ResponseSession> {
        let output = await withCheckedContinuation { continuation in
            eventLoop.execute { [log] in
                let output = NIOLoopBound(LogOutput(log), eventLoop: eventLoop)
                log.onRoom { eventLoop.execute { output.value.logHasRoom() } }
                let client = NIOLoopBound<any EventOutput>(output.value, eventLoop: eventLoop)
                continuation.resume(returning: client)
            }
        }
        return await prepared.session(queued, to: output, startedAt: startedAt)
    }

    private func make(
        in session: NIOLoopBound<ResponseSession>,
        _ placing: Placing
    ) async -> EngineError? {
        let object = await session.onLoop { $0.object }
        let started = ResponseState(
            status: ResponseStatus.inProgress.rawValue,
            isFinished: false,
            updatedAt: prepared.now().secondsSince1970,
            object: Array(object.readableBytesView)
        )
        if let error = await log.keep(as: started) { return EngineError(error) }
        switch placing.result {
        case .success(let admission):
            return await sample(into: session, under: admission, since: placing.startedAt)
        case .failure(let error): return error
        }
    }

    /// Samples while events are kept, until all is said, the store fails, or somebody stops it.
    private func sample(
        into session: NIOLoopBound<ResponseSession>,
        under admission: any Admission,
        since startedAt: NIODeadline
    ) async -> EngineError? {
        await withTaskGroup(of: Step.self) { group in
            group.addTask {
                .sampled(
                    await self.prepared.sample(into: session, under: admission, since: startedAt)
                )
            }
            group.addTask { await self.log.keepEvents().map(Step.storeFailed) ?? .stopped }
            group.addTask {
                for await _ in self.stops.raised { break }
                return .stopped
            }
            var result: EngineError?
            for await step in group {
                switch step {
                case .sampled(let failure): result = result ?? failure
                case .storeFailed(let error): result = EngineError(error)
                case .stopped: break
                }
                group.cancelAll()
            }
            return result
        }
    }

    // MARK: Ending it

    private func end(
        _ session: NIOLoopBound<ResponseSession>,
        failing failure: EngineError?
    ) async {
        let seconds = prepared.now().secondsSince1970
        let stop = state.withLock { $0.stop }
        // The task is cancelled only when the whole service is.
        let isShutDown = stop == .shutDown || stop == nil && Task.isCancelled
        let failure = failure.map { isShutDown ? .shutDown : $0 }
        let (machine, events) = await session.onLoop { session in
            if stop == .cancelled { session.clientLeft() }
            var machine = session.ended(at: seconds, failure: failure)
            let events = machine.takeEvents()
            return (machine, events)
        }
        if let error = await record.keepEnd(of: machine, at: seconds, in: log, events) {
            // Nobody must take for kept what is not.
            let failed = await session.onLoop { $0.close(failing: ResponseError(error)) }
            prepared.metrics.ended(failed, failure: failure)
            await endUnkept(as: record.state(of: failed, at: seconds), error)
        } else {
            await session.onLoop { $0.close(as: machine) }
            prepared.metrics.ended(machine, failure: failure)
        }
        state.withLock { $0.phase = .over }
    }

    private func endWaiting(_ reason: Stop) async {
        var machine = queued
        switch reason {
        case .cancelled: machine.responseCancelled()
        case .shutDown: machine.responseFailed(ResponseError(.shutDown))
        }
        let events = machine.takeEvents()
        let seconds = prepared.now().secondsSince1970
        if let error = await record.keepEnd(of: machine, at: seconds, in: log, events) {
            log.add(events)
            await endUnkept(as: record.state(of: machine, at: seconds), error)
        }
        prepared.metrics.ended(machine, failure: nil)
    }

    // MARK: Ends that are not kept

    /// How the response ended, as long as the store has not taken that; it is answered instead of
    /// what the store has.
    var unkeptEnd: ResponseState? { state.withLock { $0.unkeptEnd } }

    /// Nobody wants to know how the response ended: it was deleted.
    func dropUnkeptEnd() {
        state.withLock { $0.unkeptEnd = nil }
    }

    /// Tries to keep an end that the store did not take before.
    ///
    /// - Returns: whether there is nothing more to try: it is kept, or the store has no place for
    ///   the response at all.
    func keepUnkeptEnd() async -> Bool {
        guard let end = unkeptEnd else { return true }
        switch await log.keep(as: end)?.code {
        case nil, .notFound?: break
        case .tooLarge?: await record.forget(id)
        default: return false
        }
        dropUnkeptEnd()
        return true
    }

    /// Tells those who wait how the response ended, though the store does not know it.
    private func endUnkept(as end: ResponseState, _ error: StoreError) async {
        prepared.metrics.endNotKept(of: id, error)
        state.withLock { $0.unkeptEnd = end }
        log.completeUnkept()
        _ = await keepUnkeptEnd()
    }
}

extension EngineError {
    /// Why a response is not complete that the end of the process interrupted.
    fileprivate static let shutDown = EngineError(
        code: .unavailable,
        message: "The server was shut down before the response was complete."
    )

    /// Why a response goes no further whose events cannot be kept.
    fileprivate init(_ error: StoreError) {
        self.init(code: .internalFault, message: ResponseError(error).message)
    }
}

extension ResponseEventMachine {
    /// The events that were written since they were last taken.
    mutating func takeEvents() -> ByteBuffer {
        withOutput { buffer in
            defer { buffer = ByteBuffer() }
            return buffer
        }
    }
}
