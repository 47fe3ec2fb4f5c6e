package import NIOCore
import Synchronization

/// What the pipeline asks of the socket.
extension VirtualChannel: ChannelCore {
    package func write0(_ data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isOpen = state.withLock { state in
            if state.isOpen { state.append(unwrapData(data), promise) }
            return state.isOpen
        }
        if !isOpen { promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    package func flush0() {
        state.withLock { $0.flushedCount = $0.pending.count }
        flushPending()
    }

    package func close0(error: any Error, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        let unsent = state.withLock { state -> [EventLoopPromise<Void>?]? in
            guard state.isOpen else { return nil }
            state.isOpen = false
            state.isActive = false
            return state.removeAll()
        }
        guard let unsent else { return promise?.fail(ChannelError.alreadyClosed) ?? () }
        inbound.closeReader()
        outbound.closeWriter()
        for write in unsent { write?.fail(error) }
        promise?.succeed()
        pipeline.syncOperations.fireChannelInactive()
        pipeline.syncOperations.fireChannelUnregistered()
        // Handlers that are being called see the whole pipeline to their end.
        loop.execute { [self] in
            removeHandlers(pipeline: pipeline)
            closePromise.succeed()
        }
    }

    // MARK: What nobody asks for here

    package func localAddress0() throws -> SocketAddress {
        throw ChannelError.operationUnsupported
    }

    package func remoteAddress0() throws -> SocketAddress {
        throw ChannelError.operationUnsupported
    }

    package func register0(promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    package func registerAlreadyConfigured0(promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    package func bind0(to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    package func connect0(to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    package func triggerUserOutboundEvent0(_ event: Any, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    /// It reads by itself whenever something comes.
    package func read0() {}

    package func channelRead0(_ data: NIOAny) {}

    package func errorCaught0(error: any Error) {}
}
