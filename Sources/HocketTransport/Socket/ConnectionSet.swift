package import NIOCore
import Synchronization

/// The open connections of a listener, so that it can close them when it ends.
package final class ConnectionSet: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosing = false
    }

    private let state = Mutex(State())

    /// Creates an empty set.
    package init() {}

    /// A connection was made; it is forgotten when it ends.
    ///
    /// One that was made while the listener ended is closed at once.
    package func insert(_ channel: any Channel) {
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

    /// Tells every connection something, as an event of its pipeline.
    package func tellAll(_ event: some Sendable) {
        let channels = state.withLock { Array($0.channels.values) }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(event) }
    }

    /// Asks every connection to end, closes those that have not after a while, and waits until all
    /// are closed.
    ///
    /// - Parameter grace: how long a connection may take; one that is given no time still says a
    ///   last word.
    package func closeAll(after grace: TimeAmount = .zero) async {
        let channels = state.withLock { state in
            state.isClosing = true
            return Array(state.channels.values)
        }
        for channel in channels { Self.close(channel, after: grace) }
        // A channel's close future does not fail.
        for channel in channels { try? await channel.closeFuture.get() }
    }

    private static func close(_ channel: any Channel, after grace: TimeAmount = .zero) {
        channel.eventLoop.execute {
            let lastCall = ChannelShouldQuiesceEvent()
            channel.pipeline.syncOperations.fireUserInboundEventTriggered(lastCall)
            guard grace > .zero else { return channel.close(promise: nil) }
            channel.eventLoop.scheduleTask(in: grace) { channel.close(promise: nil) }
        }
    }
}
