import NIOCore

/// The handle of an attached worker's connection; may be used from any thread.
final class WorkerConnection: Sendable {
    let eventLoop: any EventLoop
    private let handler: NIOLoopBound<WorkerChannelHandler>

    /// Creates the handle; call it on the connection's event loop.
    init(_ handler: WorkerChannelHandler, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Does something with the connection's handler: at once on its event loop, else with a hop.
    func onLoop(_ body: @escaping @Sendable (WorkerChannelHandler) -> Void) {
        if eventLoop.inEventLoop {
            body(handler.value)
        } else {
            eventLoop.execute { [handler] in body(handler.value) }
        }
    }
}
