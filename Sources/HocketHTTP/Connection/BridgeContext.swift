import HocketResponses
import HocketWire
import Hummingbird
import NIOCore

/// What a route knows of the request beyond the request itself: its connection and its id.
struct BridgeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's connection; a streamed response is written straight to it.
    let channel: any Channel
    /// The request's id in its answer, logs, frames and captures; ``RequestIDMiddleware`` gives it.
    var requestID = RequestID(rawValue: 0)
    /// The request's span; ``TraceMiddleware`` begins it.
    var span: RequestSpan?

    /// When the request's head had come.
    let arrivedAt = NIODeadline.now()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

}
