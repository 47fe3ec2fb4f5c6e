import NIOCore
import Synchronization

/// One direction of a stream socket between two processes.
///
/// Bytes stay in order; how many of them a read finds is drawn. A pipe may be set to break at its
/// n-th byte.
package final class VirtualPipe: Sendable {
    fileprivate struct State {
        var bytes = ByteBuffer()
        /// All that was written.
        var writtenBytes = 0
        var breaksAt = Int.max
        var writerIsGone = false
        var readerIsGone = false
        var onReadable: (@Sendable () -> Void)?
        var onWritable: (@Sendable () -> Void)?
        var onBreak: (@Sendable () -> Void)?
    }

    /// What a read finds.
    enum Read {
        case bytes(ByteBuffer)
        /// Nothing, for now.
        case none
        /// Nothing, for ever.
        case end
    }

    /// What the kernel holds.
    private let capacityBytes: Int
    private let state = Mutex(State())

    /// Creates an empty pipe.
    package init(capacityBytes: Int) { self.capacityBytes = capacityBytes }

    /// Breaks the pipe at its n-th byte, which still arrives.
    ///
    /// - Parameter onBreak: called by whoever writes that byte; at once if it is written already.
    package func breakAt(_ byte: Int, _ onBreak: @escaping @Sendable () -> Void) {
        let isWritten = state.withLock { state in
            guard state.writtenBytes < byte else { return true }
            state.breaksAt = byte
            state.onBreak = onBreak
            return false
        }
        if isWritten { onBreak() }
    }

    /// The bytes on their way.
    package var bytesUnderWay: Int { state.withLock { $0.bytes.readableBytes } }

    /// Takes what there is room for.
    ///
    /// - Returns: whether the reader is there.
    func write(_ bytes: inout ByteBuffer) -> Bool {
        let (isRead, calls) = state.withLock { state in
            guard !state.readerIsGone else { return (false, [state.onReadable]) }
            guard !state.writerIsGone else {
                // The process was killed with the write under way.
                bytes.clear()
                return (true, [])
            }
            let broke = state.take(&bytes, capacityBytes)
            return (true, [state.onReadable, broke])
        }
        for call in calls { call?() }
        return isRead
    }

    /// Gives up to so many bytes.
    func read(_ bytesMax: Int) -> Read {
        let (read, call) = state.withLock { state in
            let read = state.read(bytesMax)
            return (read, state.onWritable)
        }
        if case .bytes = read { call?() }
        return read
    }

    /// The writer's end is closed; what is on its way arrives.
    package func closeWriter() {
        let call = state.withLock { state in
            state.writerIsGone = true
            state.onWritable = nil
            state.onBreak = nil
            return state.onReadable
        }
        call?()
    }

    /// The reader's end is closed; what is on its way is lost.
    package func closeReader() {
        let call = state.withLock { state in
            state.readerIsGone = true
            state.bytes.clear()
            state.onReadable = nil
            return state.onWritable
        }
        call?()
    }

    func whenReadable(_ call: @escaping @Sendable () -> Void) {
        state.withLock { $0.onReadable = call }
    }

    func whenWritable(_ call: @escaping @Sendable () -> Void) {
        state.withLock { $0.onWritable = call }
    }
}

extension VirtualPipe.State {
    /// Takes bytes over.
    ///
    /// - Returns: what to call if the pipe broke.
    fileprivate mutating func take(
        _ bytes: inout ByteBuffer,
        _ capacityBytes: Int
    ) -> (@Sendable () -> Void)? {
        let room = min(capacityBytes - self.bytes.readableBytes, breaksAt - writtenBytes)
        guard room > 0, var part = bytes.readSlice(length: min(room, bytes.readableBytes)) else {
            return nil
        }
        writtenBytes += part.readableBytes
        self.bytes.writeBuffer(&part)
        guard writtenBytes == breaksAt else { return nil }
        defer { onBreak = nil }
        return onBreak
    }

    fileprivate mutating func read(_ bytesMax: Int) -> VirtualPipe.Read {
        let count = min(bytesMax, bytes.readableBytes)
        guard count > 0, let part = bytes.readSlice(length: count) else {
            return writerIsGone ? .end : .none
        }
        defer { bytes.discardReadBytes() }
        // As from a socket, it stands at the front of a buffer of its own.
        return .bytes(ByteBuffer(bytes: part.readableBytesView))
    }
}
