public import HocketEngine
import HocketWire
public import NIOCore
import Synchronization

/// A backend inside the test's process that plays scripts instead of asking workers.
///
/// It calls a sink exactly as the transport does: on the sink's event loop, tokens of one read
/// together, ``TokenSink/readCompleted()`` after each read, nothing after `.paused` until
/// ``GenerationControl/resume()``, nothing after ``GenerationControl/cancel(_:)``. What it sees is
/// counted in ``record``.
public final class ScriptedBackend: InferenceBackend {
    /// The name of the worker that it pretends to have.
    public static let worker = "scripted"

    private struct Entrance {
        var refusal: EngineError?
        var gate: Gate?
        var ejections: [@Sendable (EngineError) -> Void] = []
    }

    private let offer: Mutex<[ModelDescription]>
    private let seen = Watched(BackendRecord())
    private let entrance = Mutex(Entrance())
    private let script: @Sendable (GenerationRequest) -> GenerationScript

    /// Creates a backend.
    ///
    /// - Parameters:
    ///   - models: what it claims to serve.
    ///   - script: what it plays for a request.
    public init(
        models: [ModelDescription] = [.test],
        script: @escaping @Sendable (GenerationRequest) -> GenerationScript
    ) {
        offer = Mutex(models)
        self.script = script
    }

    /// Creates a backend that plays one script for every request.
    public convenience init(
        models: [ModelDescription] = [.test],
        _ script: GenerationScript
    ) {
        self.init(models: models) { _ in script }
    }

    /// The models it claims to serve; may be changed at any time.
    public var models: [ModelDescription] {
        get { offer.withLock { $0 } }
        set { offer.withLock { $0 = newValue } }
    }

    /// What it saw so far.
    public var record: BackendRecord { seen.value }

    /// Returns as soon as the record fulfils a condition.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func recorded(_ condition: @escaping @Sendable (BackendRecord) -> Bool) async throws {
        try await seen.wait(until: condition)
    }

    /// Refuses every request from now on.
    public func refuseRequests(_ error: EngineError) {
        entrance.withLock { $0.refusal = error }
    }

    /// Lets requests wait until a gate is open, from now on.
    public func holdRequests(behind gate: Gate) {
        entrance.withLock { $0.gate = gate }
    }

    /// Sends all requests away that wait now.
    public func ejectWaiting(_ error: EngineError) {
        let ejections = entrance.withLock { entrance in
            defer { entrance.ejections = [] }
            return entrance.ejections
        }
        for eject in ejections { eject(error) }
    }

    /// Lets a request in, unless told otherwise.
    ///
    /// - Throws: ``EngineError`` that ``refuseRequests(_:)`` was told.
    public func admit(_ demand: SamplingDemand) throws(EngineError) -> any Admission {
        let (refusal, gate) = entrance.withLock { ($0.refusal, $0.gate) }
        if let refusal { throw refusal }
        note { $0.demands.append(demand) }
        let admission = ScriptedAdmission(in: self, behind: gate)
        if gate != nil {
            entrance.withLock { entrance in
                entrance.ejections.append { [weak admission] in admission?.eject($0) }
            }
        }
        return admission
    }

    /// Plays a request's script.
    ///
    /// - Throws: ``EngineError``, the script's own or ``EngineError/cancelledByCaller``.
    public func generate(
        _ request: GenerationRequest,
        under admission: any Admission,
        into sink: NIOLoopBound<any TokenSink>
    ) async throws(EngineError) -> GenerationOutcome {
        note { $0.requests.append(request) }
        defer { note { $0.ended += 1 } }
        let script = script(request)
        if let refusal = script.refusal { throw refusal }
        let generation = ScriptedGeneration(of: script, for: request, to: sink, seenBy: self)
        do {
            return try await withTaskCancellationHandler {
                generation.start()
                return try await generation.outcome.get()
            } onCancel: {
                generation.cancel(.clientGone)
            }
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(code: .internalFault, message: "\(error)")
        }
    }

    /// Changes the record.
    func note(_ change: (inout BackendRecord) -> Void) {
        seen.change(change)
    }
}

extension ModelDescription {
    /// What a scripted backend serves unless told otherwise.
    public static let test = ModelDescription(name: "gpt-oss-20b", contextTokensMax: 131_072)
}
