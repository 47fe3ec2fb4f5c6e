package import NIOCore
import Synchronization

/// One end of a stream socket between two processes of a ``VirtualHost``.
///
/// It does what NIO's channel of a Unix socket does: a read takes what has come, in several pieces
/// of any size; a write takes what the kernel has room for, and the rest later; one that finds the
/// peer gone reads what the peer left behind, and closes.
package final class VirtualChannel: Channel {
    struct State {
        /// Not yet taken by the pipe, oldest first.
        var pending: CircularBuffer<(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)> = []
        var pendingBytes = 0
        /// How many of them are flushed.
        var flushedCount = 0
        var isOpen = true
        var isActive = false
        var isReadScheduled = false
        var isFlushing = false
    }

    package let allocator = ByteBufferAllocator()
    package let parent: (any Channel)? = nil
    package let loop: VirtualEventLoop
    let inbound: VirtualPipe
    let outbound: VirtualPipe
    let random: SeededRandomness
    let closePromise: EventLoopPromise<Void>
    let state = Mutex(State())
    private let pipelineOfChannel = Mutex<ChannelPipeline?>(nil)

    /// Creates an end.
    ///
    /// - Parameters:
    ///   - loop: its event loop.
    ///   - inbound: what it reads.
    ///   - outbound: what it writes.
    package init(
        on loop: VirtualEventLoop,
        reading inbound: VirtualPipe,
        writing outbound: VirtualPipe
    ) {
        self.loop = loop
        self.inbound = inbound
        self.outbound = outbound
        random = loop.host.random
        closePromise = loop.makePromise()
        pipelineOfChannel.withLock { $0 = ChannelPipeline(channel: self) }
    }

    package var eventLoop: any EventLoop { loop }

    package var closeFuture: EventLoopFuture<Void> { closePromise.futureResult }

    package var pipeline: ChannelPipeline {
        guard let pipeline = pipelineOfChannel.withLock({ $0 }) else {
            preconditionFailure("a channel has a pipeline from its beginning")
        }
        return pipeline
    }

    package var localAddress: SocketAddress? { nil }

    package var remoteAddress: SocketAddress? { nil }

    package var isWritable: Bool { true }

    package var isActive: Bool { state.withLock { $0.isActive } }

    package var _channelCore: any ChannelCore { self }

    /// The bytes that were written and that the pipe has not taken.
    package var pendingBytes: Int { state.withLock { $0.pendingBytes } }

    package func setOption<Option: ChannelOption>(
        _ option: Option,
        value: Option.Value
    ) -> EventLoopFuture<Void> {
        loop.makeFailedFuture(ChannelError.operationUnsupported)
    }

    package func getOption<Option: ChannelOption>(
        _ option: Option
    ) -> EventLoopFuture<Option.Value> {
        loop.makeFailedFuture(ChannelError.operationUnsupported)
    }

    /// The connection is made; on the channel's event loop, once its handlers are added.
    package func activate() {
        loop.preconditionInEventLoop()
        pipeline.syncOperations.fireChannelRegistered()
        state.withLock { $0.isActive = true }
        inbound.whenReadable { [weak self] in self?.scheduleRead() }
        outbound.whenWritable { [weak self] in self?.scheduleFlush() }
        pipeline.syncOperations.fireChannelActive()
        scheduleRead()
    }

    /// The process at this end is killed: nothing more leaves, and its code hears of the end.
    package func kill() {
        outbound.closeWriter()
        inbound.closeReader()
        loop.execute { self.close0(error: ChannelError.eof, mode: .all, promise: nil) }
    }
}
