import HocketEngine
import HocketWire
public import NIOCore
public import OpenAIAPI

/// A request that was found good and whose prompt is rendered; running it gives the answer.
public struct PreparedResponse: Sendable {
    /// What is done to make a response.
    enum Course: Sendable {
        case rounds(ResponseRounds.Plan)
        /// Nothing: it failed when its client had been told already that events will come.
        case failed(EngineError)
    }

    let asked: CheckedRequest
    /// Its place among those that are under way in this process.
    let place: RunningResponses.Place
    /// Given back when the response has been made, or when nobody makes it; nil for a background
    /// request, which asks for it when its turn comes.
    let admission: (any Admission)?
    let course: Course
    let identifiers: ResponseIdentifiers
    /// When the request came, in seconds since 1970.
    let createdAt: Int
    let arrivedAt: NIODeadline
    let timeLimit: TimeLimit
    /// Where the response is kept when it has ended, if it is to be kept.
    let record: ResponseRecord?
    let metrics: ResponseMetrics
    let spans: ResponseSpans
    /// How long it waited for its turn; zero for a background request, which waits when it is run.
    let waited: TimeAmount
    let reasoningSeal: ReasoningSeal
    let now: @Sendable () -> WallTime

    /// The response's own id.
    public var responseID: String { identifiers.response }

    /// The model that is asked.
    var model: String { asked.request.model }

    /// Whether the caller asked for events.
    public var isStreamed: Bool { asked.request.stream }

    /// Whether the caller need not wait: ``ResponseService/begin(_:)`` takes the response on.
    public var isBackground: Bool { asked.request.background }

    /// Makes the answer of a request that asked for events, and sends these as they come.
    ///
    /// Returns when the last event was sent, or when the client is gone. Whatever goes wrong is
    /// told by the terminal event.
    public func stream(to output: NIOLoopBound<any EventOutput>) async {
        _ = await run(to: output)
    }

    /// Makes the answer of a request that asked for no events.
    ///
    /// A sampling that fails once tokens have come is told by the response's object, as in the last
    /// event of a stream: what came is in it, and it was used up. Only time that is over is always
    /// an error, since HTTP has a status for that (504).
    ///
    /// - Parameter client: only watched: a client that leaves ends the sampling.
    /// - Returns: the answer as JSON.
    /// - Throws: ``APIError`` when nothing came, when what came could not be kept, when the answer
    ///   has no words for a failure, as a chat completion has not, or when it is of no use in part
    ///   and was cut off.
    public func answer(
        watching client: NIOLoopBound<any EventOutput>
    ) async throws(APIError) -> ByteBuffer {
        let ending = await run(to: client)
        if let error = ending.failure, !ending.isToldByObject { throw error }
        if let error = ending.machine.error, !asked.hasFailedObject {
            throw .serverError(error.message)
        }
        if asked.isNothingInPart, ending.machine.status == .incomplete {
            throw .serverError(
                "The answer was cut off after \(ending.machine.outputTokens) tokens, where the "
                    + "model's context ended. Send fewer items."
            )
        }
        return ending.machine.responseObject
    }

    /// How a response ended.
    private struct Ending {
        let machine: ResponseEventMachine
        /// Why it could not be made or kept, if so; what the model did wrong is no such reason.
        let failure: APIError?
        /// Whether the object tells of that.
        let isToldByObject: Bool
    }

    private func run(to output: NIOLoopBound<any EventOutput>) async -> Ending {
        defer {
            admission?.release()
            place.release()
        }
        let session = await session(machine, to: output)
        let failure = await place.run {
            await sample(into: session, under: admission, since: .now())
        }
        let seconds = now().secondsSince1970
        let machine = await session.onLoop { $0.ended(at: seconds, failure: failure) }
        if let error = await record?.keep(machine, at: seconds) {
            // Nobody must take for kept what is not.
            let machine = await session.onLoop { $0.close(failing: ResponseError(error)) }
            metrics.ended(machine, failure: failure)
            return Ending(machine: machine, failure: APIError(error), isToldByObject: false)
        }
        metrics.ended(machine, failure: failure)
        await session.onLoop { $0.close(as: machine) }
        return Ending(
            machine: machine,
            failure: failure.map(apiError),
            isToldByObject: asked.hasFailedObject && machine.status == .failed
                && machine.outputTokens > 0 && failure?.code != .deadlineExceeded
        )
    }

    private func apiError(_ error: EngineError) -> APIError {
        APIError(
            error,
            model: asked.request.model,
            inputParameter: asked.request.inputParameter
        )
    }

    /// Asks for a place at a worker for a response that is made in the background.
    ///
    /// - Parameter now: when the response starts.
    func askForWorker(startingAt now: NIODeadline) -> Result<any Admission, EngineError> {
        switch course {
        case .failed(let error): return .failure(error)
        case .rounds(let plan):
            do throws(EngineError) {
                let deadline = timeLimit.deadline(startingAt: now)
                return .success(try plan.backend.admit(demand(of: plan, until: deadline)))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Runs all rounds, or tells why there are none.
    ///
    /// - Parameters:
    ///   - admission: the response's place; nil where there is nothing to run.
    ///   - startedAt: since when it is waited for.
    func sample(
        into session: NIOLoopBound<ResponseSession>,
        under admission: (any Admission)?,
        since startedAt: NIODeadline
    ) async -> EngineError? {
        switch course {
        case .failed(let error): return error
        case .rounds(let plan):
            guard let admission else { return .cancelledByCaller }
            defer { admission.release() }
            do throws(EngineError) { try await admission.wait() } catch { return error }
            let waited = waited + (NIODeadline.now() - startedAt)
            return await ResponseRounds.run(
                plan,
                under: admission,
                waited: waited,
                for: session,
                spans
            )
        }
    }

    private func demand(
        of plan: ResponseRounds.Plan,
        until deadline: NIODeadline?
    ) -> SamplingDemand {
        SamplingDemand(
            asked.request,
            promptTokens: plan.firstGeneration.prompt.count,
            deadline: deadline
        )
    }

    /// The machine of a response that has not begun.
    var machine: ResponseEventMachine {
        asked.machine(
            model: asked.request.model,
            tools: ToolCatalog(asked.request),
            identifiers: identifiers,
            createdAt: createdAt,
            seal: reasoningSeal
        )
    }

    /// Starts a response.
    ///
    /// - Parameters:
    ///   - machine: one that was told of nothing, or that the response is queued.
    ///   - output: where its events go.
    ///   - startedAt: when it started, if that was not now.
    func session(
        _ machine: ResponseEventMachine,
        to output: NIOLoopBound<any EventOutput>,
        startedAt: NIODeadline? = nil
    ) async -> NIOLoopBound<ResponseSession> {
        await output.onLoop { client in
            let session = ResponseSession(
                machine: machine,
                request: asked.request,
                arrivedAt: isBackground ? nil : arrivedAt,
                deadline: timeLimit.deadline(startingAt: startedAt ?? output.eventLoop.now),
                admission: admission,
                metrics: metrics,
                client: client,
                eventLoop: output.eventLoop
            )
            session.start()
            return NIOLoopBound(session, eventLoop: output.eventLoop)
        }
    }
}

extension NIOLoopBound {
    /// Does something with the value on its event loop and waits for it.
    func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (Value) -> Result
    ) async -> Result {
        let eventLoop = eventLoop
        return await withCheckedContinuation { continuation in
            eventLoop.execute { continuation.resume(returning: body(self.value)) }
        }
    }
}
