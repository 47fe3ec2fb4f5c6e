import HocketTransport
import HocketWire
import Synchronization

/// Carries what the router asks from the connection's event loop to the engine's task.
///
/// It holds at most what the connection's open streams can ask for: the machine behind the
/// connection refuses streams beyond the engine's limit, and each has one start and one cancel.
final class EngineMailbox: SubmissionConsumer {
    enum Request: Sendable {
        case start(StreamID, Submit)
        case cancel(StreamID)
    }

    /// Rings once for whatever came since the last look; several rings become one.
    let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation
    private let waiting = Mutex<[Request]>([])

    init() {
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func submitted(_ submit: Submit, on stream: StreamID) {
        put(.start(stream, submit))
    }

    func cancelled(_ stream: StreamID) {
        put(.cancel(stream))
    }

    /// Takes everything that waits, oldest first.
    func takeAll() -> [Request] {
        waiting.withLock { requests in
            defer { requests.removeAll() }
            return requests
        }
    }

    private func put(_ request: Request) {
        waiting.withLock { $0.append(request) }
        ringer.yield()
    }
}
