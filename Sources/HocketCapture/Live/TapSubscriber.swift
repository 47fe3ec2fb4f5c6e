import NIOCore

/// The tap's end of one subscriber.
struct TapSubscriber: Sendable {
    let mailbox: SubscriberMailbox
    let eventLoop: any EventLoop
    let handler: NIOLoopBound<TapSubscriberHandler>

    /// Leaves something for the subscriber; may be called from any thread.
    func offer(_ captured: Captured) {
        guard mailbox.put(captured) else { return }
        let handler = handler
        eventLoop.execute { handler.value.capturesArrived() }
    }
}
