import HocketEngine
import HocketWire
import NIOCore
import OpenAIAPI

/// Requests wait their turn before anything costly is done for them, and before their clients are
/// told that all is well.
extension ResponseService {
    /// A body is taken to be a prompt of a token for so many bytes, as English text is.
    ///
    /// JSON makes that an overestimate, other scripts an underestimate.
    static let bodyBytesPerToken = 4

    /// Waits until a worker has room for a request.
    ///
    /// A background request only learns whether it can be served at all: it asks for its place when
    /// it is run, and then waits as long as it takes.
    ///
    /// - Parameter client: gives its place up when it leaves.
    /// - Returns: its place; nil for a background request.
    /// - Throws: ``APIError`` with status 400 when no worker can do what it needs, with 429 when too
    ///   much waits, and with 503 when no worker is there or none had room in time; the last two
    ///   say when to try again.
    func admit(
        _ request: ResponsesRequest,
        bodyBytes: Int,
        to backend: any InferenceBackend,
        watching client: NIOLoopBound<any EventOutput>?
    ) async throws -> (any Admission)? {
        if request.background { try background?.checkRoom() }
        let demand = SamplingDemand(
            request,
            promptTokens: bodyBytes / Self.bodyBytesPerToken
        )
        do throws(EngineError) {
            let admission = try backend.admit(demand)
            if request.background {
                admission.release()
                return nil
            }
            if admission.isWaiting { try await wait(for: admission, watching: client) }
            return admission
        } catch {
            throw APIError(
                error,
                model: request.model,
                inputParameter: request.inputParameter
            )
        }
    }

    private func wait(
        for admission: any Admission,
        watching client: NIOLoopBound<any EventOutput>?
    ) async throws(EngineError) {
        let observer = QueuedClient(admission)
        // An output need not hold its observer.
        defer { withExtendedLifetime(observer) {} }
        await client?.onLoop { $0.observe(with: observer) }
        do throws(EngineError) {
            try await admission.wait()
            await client?.onLoop { $0.observe(with: nil) }
        } catch {
            await client?.onLoop { $0.observe(with: nil) }
            throw error
        }
    }
}

extension SamplingDemand {
    /// What a request asks of a worker; one in the background is patient.
    init(_ request: ResponsesRequest, promptTokens: Int) {
        self.init(
            model: request.model,
            promptTokens: promptTokens,
            outputTokensMax: request.maxOutputTokens ?? .max,
            needs: CapabilityDemand.all(of: request)
        )
        isPatient = request.background
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
