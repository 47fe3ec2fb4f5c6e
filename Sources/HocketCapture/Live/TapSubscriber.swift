import NIOCore

/// The tap's end of one subscriber.
struct TapSubscriber: Sendable {
    let mailbox: SubscriberMailbox
    let eventLoop: any EventLoop
    let handler: NIOLoopBound<TapSubscriberHandler>

    /// Leaves a frame for the subscriber; may be called from any thread.
    func offer(_ frame: CapturedFrame) {
        guard mailbox.put(frame) else { return }
        let handler = handler
        eventLoop.execute { handler.value.framesArrived() }
    }
}
