import NIOCore
import Synchronization

/// How bytes come and go.
extension VirtualChannel {
    /// Bytes wait this long at most before they are noticed, so that some reads find several
    /// writes.
    private static let readDelayMax = TimeAmount.milliseconds(3)
    private static let readsPerTurnMax = 4

    /// Something came, or the peer is gone.
    func scheduleRead() {
        let isFirst = state.withLock { state in
            defer { state.isReadScheduled = true }
            return state.isOpen && !state.isReadScheduled
        }
        guard isFirst else { return }
        let delay = random.below(3) == 0 ? random.amount(upTo: Self.readDelayMax) : .zero
        loop.scheduleTask(in: delay) { self.readSome() }
    }

    private func readSome() {
        state.withLock { $0.isReadScheduled = false }
        guard isActive else { return }
        var hasRead = false
        for _ in 0...random.below(Self.readsPerTurnMax) {
            switch inbound.read(readSize) {
            case .bytes(let bytes):
                hasRead = true
                pipeline.syncOperations.fireChannelRead(NIOAny(bytes))
                guard isActive else { return }
            case .none:
                return endRead(hasRead)
            case .end:
                endRead(hasRead)
                return close0(error: ChannelError.eof, mode: .all, promise: nil)
            }
        }
        endRead(hasRead)
        scheduleRead()
    }

    private func endRead(_ hasRead: Bool) {
        if hasRead, isActive { pipeline.syncOperations.fireChannelReadComplete() }
    }

    /// A byte now and then, a few mostly, often all there is.
    private var readSize: Int {
        switch random.below(8) {
        case 0: 1
        case 1...3: 1 + random.below(64)
        default: 65_536
        }
    }

    /// The pipe has room again.
    func scheduleFlush() {
        guard state.withLock({ $0.isOpen && !$0.isFlushing && $0.flushedCount > 0 }) else { return }
        loop.execute { self.flushPending() }
    }

    func flushPending() {
        let isFirst = state.withLock { state in
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
        guard isFirst else { return }
        let peerIsThere = writeFlushed()
        state.withLock { $0.isFlushing = false }
        guard !peerIsThere else { return }
        readWhatIsLeft()
        close0(error: IOError(errnoCode: 32, reason: "write"), mode: .all, promise: nil)
    }

    /// - Returns: whether the peer is there.
    private func writeFlushed() -> Bool {
        while let (bytes, promise) = state.withLock({ $0.popFlushed() }) {
            var rest = bytes
            guard outbound.write(&rest) else {
                promise?.fail(ChannelError.ioOnClosedChannel)
                return false
            }
            guard rest.readableBytes == 0 else {
                state.withLock { $0.putBack(rest, promise) }
                return true
            }
            promise?.succeed()
        }
        return true
    }

    private func readWhatIsLeft() {
        var hasRead = false
        while isActive, case .bytes(let bytes) = inbound.read(readSize) {
            hasRead = true
            pipeline.syncOperations.fireChannelRead(NIOAny(bytes))
        }
        endRead(hasRead)
    }
}

extension VirtualChannel.State {
    mutating func append(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        pending.append((bytes, promise))
        pendingBytes += bytes.readableBytes
    }

    /// - Returns: the promises of all writes.
    mutating func removeAll() -> [EventLoopPromise<Void>?] {
        defer {
            pending.removeAll()
            pendingBytes = 0
            flushedCount = 0
        }
        return pending.map(\.promise)
    }

    fileprivate mutating func popFlushed() -> (ByteBuffer, EventLoopPromise<Void>?)? {
        guard flushedCount > 0, let (bytes, promise) = pending.popFirst() else { return nil }
        flushedCount -= 1
        pendingBytes -= bytes.readableBytes
        return (bytes, promise)
    }

    fileprivate mutating func putBack(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        guard isOpen else { return }
        pending.prepend((bytes, promise))
        pendingBytes += bytes.readableBytes
        flushedCount += 1
    }
}
