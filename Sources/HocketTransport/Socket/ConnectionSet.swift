import NIOCore
import Synchronization

/// The open connections of a listener, so that it can close them when it ends.
final class ConnectionSet: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosing = false
    }

    private let state = Mutex(State())

    /// A connection was made; it is forgotten when it ends.
    ///
    /// One that was made while the listener ended is closed at once.
    func insert(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isLate = state.withLock { state in
            state.channels[id] = channel
            return state.isClosing
        }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.channels[id] = nil }
        }
        if isLate { Self.close(channel) }
    }

    /// Lets every connection say a last word, closes it, and waits until all are closed.
    func closeAll() async {
        let channels = state.withLock { state in
            state.isClosing = true
            return Array(state.channels.values)
        }
        for channel in channels { Self.close(channel) }
        // A channel's close future does not fail.
        for channel in channels { try? await channel.closeFuture.get() }
    }

    private static func close(_ channel: any Channel) {
        channel.eventLoop.execute {
            let lastCall = ChannelShouldQuiesceEvent()
            channel.pipeline.syncOperations.fireUserInboundEventTriggered(lastCall)
            channel.close(promise: nil)
        }
    }
}
