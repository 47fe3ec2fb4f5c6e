import HocketEngine
import HocketResponses
import HocketWire
import Tracing

/// The span of one message of a WebSocket, from its arrival to the last byte of its answer; a child
/// of the handshake's.
///
/// Of what the client sent nothing becomes part of it.
struct MessageSpan: Sendable {
    private let span: any Tracing.Span
    /// The message's place in its trace, which is there also where nothing is recorded.
    let trace: TraceContext
    /// The message's id in logs, frames and captures.
    let requestID: HocketWire.RequestID

    init(
        within handshake: TraceContext?,
        requestID: HocketWire.RequestID,
        tracer: any Tracer,
        of service: ResponseService
    ) {
        self.requestID = requestID
        (span, trace) = tracer.startRequest("response.create", within: handshake, of: service)
        guard span.isRecording else { return }
        span.updateAttributes { $0["hocket.request.id"] = "\(requestID)" }
    }

    /// The answer is a response.
    func answers(_ id: String) {
        guard span.isRecording else { return }
        span.updateAttributes { $0["gen_ai.response.id"] = id }
    }

    /// All of the answer was told.
    ///
    /// - Parameter status: the HTTP status that the same request would have got.
    func ended(with status: Int) {
        if span.isRecording, status >= 500 {
            span.updateAttributes { $0["error.type"] = "\(status)" }
            span.setStatus(SpanStatus(code: .error))
        }
        span.end()
    }
}
