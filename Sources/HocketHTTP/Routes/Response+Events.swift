import HTTPTypes
import HocketResponses
import Hummingbird
import NIOCore

extension Response {
    /// An answer of events, which `body` sends as they come.
    ///
    /// When it throws, the connection is closed in the middle of the answer, so that no client
    /// takes what it has for all there is.
    init(
        eventsOver channel: any Channel,
        _ body: @escaping @concurrent @Sendable (NIOLoopBound<any EventOutput>) async throws -> Void
    ) {
        self.init(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8",
                .cacheControl: "no-cache",
                .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                // Hummingbird has handed the head to the channel's event loop by now, so what is
                // sent from there on comes after it.
                try await body(try await EventStreamHandler.bound(to: channel))
                try await writer.finish(nil)
            }
        )
    }
}
