import NIOCore

extension ChannelHandlerContext {
    /// Closes the sending side, waits for the client to close its own, and closes the connection if
    /// it does not.
    ///
    /// - Parameter timeout: how long the client may take.
    func closeOutput(lingeringFor timeout: TimeAmount, promise: EventLoopPromise<Void>? = nil) {
        let channel = channel
        let promise = promise ?? eventLoop.makePromise()
        promise.futureResult.whenSuccess {
            let closing = channel.eventLoop.scheduleTask(in: timeout) {
                channel.close(promise: nil)
            }
            channel.closeFuture.whenComplete { _ in closing.cancel() }
        }
        close(mode: .output, promise: promise)
    }
}
