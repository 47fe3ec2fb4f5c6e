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
    /// - Parameter client: gives its place up when it leaves.
    /// - Returns: its place; nil for a background request, which asks for one when it is run.
    /// - Throws: ``APIError`` with status 429 when too much waits, and 503 when no worker is there
    ///   or none had room in time; both say when to try again.
    func admit(
        _ request: ResponsesRequest,
        bodyBytes: Int,
        to backend: any InferenceBackend,
        watching client: NIOLoopBound<any EventOutput>?
    ) async throws -> (any Admission)? {
        guard !request.background else { return nil }
        let demand = SamplingDemand(
            model: request.model,
            promptTokens: bodyBytes / Self.bodyBytesPerToken,
            outputTokensMax: request.maxOutputTokens ?? .max,
            needs: CapabilityDemand.all(of: request)
        )
        do throws(EngineError) {
            let admission = try backend.admit(demand)
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

/// A client whose request waits for a worker.
private final class QueuedClient: EventOutputObserver, Sendable {
    private let admission: any Admission

    init(_ admission: any Admission) {
        self.admission = admission
    }

    func clientBecameWritable() {}

    func clientLeft() { admission.release() }
}
