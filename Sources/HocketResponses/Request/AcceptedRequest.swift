import HocketEngine
import HocketWire
public import NIOCore
import OpenAIAPI

/// A request that was found good and may go on as soon as its turn comes.
///
/// ``waitForTurn(until:watching:)`` and then ``prepare()`` make a response of it, or, where its
/// client has been told already that events will come, ``stream(to:)`` does both and sends them.
public struct AcceptedRequest: Sendable {
    let service: ResponseService
    let asked: CheckedRequest
    let model: ModelDescription
    /// The responses that it continues, if its connection remembered them.
    let remembered: [StoredResponse]?
    let envelope: RequestEnvelope
    let timeLimit: TimeLimit
    /// When it asked to be let in.
    let acceptedAt = NIODeadline.now()
    /// Its place among those that are under way in this process.
    let place: RunningResponses.Place
    /// Its place among those that wait for a worker; nil for a background request, which asks for
    /// one when it is run.
    let admission: (any Admission)?

    /// Whether the caller asked for events.
    public var isStreamed: Bool { asked.request.stream }

    /// Whether the caller need not wait.
    public var isBackground: Bool { asked.request.background }

    /// Waits until a worker has room, or until a moment, whichever comes first.
    ///
    /// - Parameters:
    ///   - moment: nil to wait as long as a request may wait at all.
    ///   - client: gives its place up when it leaves.
    /// - Returns: whether its turn has come.
    /// - Throws: ``APIError`` with status 503 when no worker had room in time or the process is
    ///   about to end, which says when to try again; with 504 when the request's own time is over.
    public func waitForTurn(
        until moment: NIODeadline? = nil,
        watching client: NIOLoopBound<any EventOutput>? = nil
    ) async throws -> Bool {
        guard let admission, admission.isWaiting else { return true }
        do throws(EngineError) {
            return try await wait(admission, until: moment, watching: client, cutAt: .refusal)
        } catch {
            count(error)
            throw APIError(error, model: model.name, inputParameter: asked.request.inputParameter)
        }
    }

    /// Renders the prompt of a request whose turn has come.
    ///
    /// - Throws: ``APIError`` naming the parameter at fault, the response that cannot be continued,
    ///   or the context that the prompt does not fit.
    public func prepare() async throws -> PreparedResponse {
        try await service.prepare(self)
    }

    /// Waits on, makes the answer, and sends its events.
    ///
    /// To be called when ``waitForTurn(until:watching:)`` has found that its turn has not come.
    /// A comment goes first, so that the stream has begun for whoever is in between; whatever keeps
    /// the request from being answered is told by the terminal event. Returns when the last event
    /// was sent, or when the client is gone.
    ///
    /// - Parameter onPrepared: told of the response that the events are of.
    public func stream(
        to output: NIOLoopBound<any EventOutput>,
        onPrepared: (PreparedResponse) -> Void = { _ in }
    ) async {
        await output.onLoop { $0.sendComment() }
        let prepared = await prepared(watching: output)
        onPrepared(prepared)
        await prepared.stream(to: output)
    }

    private func prepared(
        watching output: NIOLoopBound<any EventOutput>
    ) async -> PreparedResponse {
        do {
            // Its turn may have come, or never will, since it was last looked: it has waited.
            if let admission {
                _ = try await wait(admission, until: nil, watching: output, cutAt: .interruption)
            }
            return try await prepare()
        } catch let error as EngineError {
            return service.prepared(self, failing: error)
        } catch let error as APIError {
            return service.prepared(self, failing: EngineError(error))
        } catch {
            let error = EngineError(code: .internalFault, message: "The server had an error.")
            return service.prepared(self, failing: error)
        }
    }

    private func wait(
        _ admission: any Admission,
        until moment: NIODeadline?,
        watching client: NIOLoopBound<any EventOutput>?,
        cutAt cut: RunningResponses.Moment
    ) async throws(EngineError) -> Bool {
        let observer = QueuedClient(admission)
        // An output need not hold its observer.
        defer { withExtendedLifetime(observer) {} }
        await client?.onLoop { $0.observe(with: observer) }
        place.mayBeCut(at: cut) { admission.release() }
        let result = await Self.result(of: admission, until: moment)
            .mapError { place.cutReason ?? $0 }
        place.mayNotBeCut()
        await client?.onLoop { $0.observe(with: nil) }
        // Whoever waits on is counted when it waits no longer.
        if result != .success(false) { service.metrics.waited(.now() - acceptedAt) }
        return try result.get()
    }

    /// Counts a request that is answered by nothing but an error; a stream that has begun is
    /// counted as the response that it is.
    private func count(_ error: EngineError) {
        guard error.code == .cancelled else { return service.metrics.refused(error) }
        service.metrics.clientLeftQueue()
    }

    private static func result(
        of admission: any Admission,
        until moment: NIODeadline?
    ) async -> Result<Bool, EngineError> {
        do throws(EngineError) {
            return .success(try await admission.wait(until: moment))
        } catch {
            return .failure(error)
        }
    }
}

/// A client whose request waits for a worker.
private final class QueuedClient: EventOutputObserver, Sendable {
    private let admission: any Admission

    init(_ admission: any Admission) {
        self.admission = admission
    }

    func clientBecameWritable() {}

    func clientLeft() { admission.release() }
}
