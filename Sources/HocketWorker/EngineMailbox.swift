import HocketTransport
import HocketWire
import Synchronization

/// Carries what the router asks from the connection's event loop to the engine's task.
///
/// A stream that is cancelled before the engine has taken it leaves nothing behind, and the router
/// gets the bytes of a prompt back only when the engine takes it. So there wait at most one start
/// for each open stream, one cancel for each stream that the engine runs, and the byte window's
/// worth of prompts, however the router opens and cancels.
final class EngineMailbox: SubmissionConsumer {
    enum Request: Sendable {
        case start(StreamID, Submit)
        case cancel(StreamID)
    }

    /// Rings once for whatever came since the last look; several rings become one.
    let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation
    private let waiting = Mutex<[Request]>([])
    private let onArrival: @Sendable () -> Void

    /// - Parameter onArrival: called when something came.
    init(onArrival: @escaping @Sendable () -> Void = {}) {
        self.onArrival = onArrival
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func submitted(_ submit: Submit, on stream: StreamID) {
        waiting.withLock { $0.append(.start(stream, submit)) }
        ring()
    }

    func cancelled(_ stream: StreamID) {
        waiting.withLock { requests in
            if let start = requests.firstIndex(where: { $0.startedStream == stream }) {
                requests.remove(at: start)
            } else {
                requests.append(.cancel(stream))
            }
        }
        ring()
    }

    private func ring() {
        ringer.yield()
        onArrival()
    }

    /// Takes everything that waits, oldest first.
    func takeAll() -> [Request] {
        waiting.withLock { requests in
            defer { requests.removeAll() }
            return requests
        }
    }
}

extension EngineMailbox.Request {
    /// The stream that is to be started; nil for a cancel.
    var startedStream: StreamID? {
        if case .start(let stream, _) = self { stream } else { nil }
    }
}
