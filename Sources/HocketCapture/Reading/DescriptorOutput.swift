import Glibc
public import NIOCore

/// Writes to a file descriptor, and tells a reader that went away from a real failure.
public struct DescriptorOutput: Sendable {
    /// The process's standard output.
    public static let standard = DescriptorOutput(descriptor: STDOUT_FILENO)

    private let descriptor: Int32

    /// Creates an output that does not own its descriptor.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Lets a write to a pipe that nobody reads fail instead of ending the process.
    ///
    /// It holds for the whole process (signal(7), `SIGPIPE`).
    public static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Whether the descriptor is a terminal.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes all of the bytes, and waits where it must.
    ///
    /// - Throws: ``CaptureError`` with `outputClosed` or `outputFailed`.
    public func write(_ bytes: ByteBuffer) throws(CaptureError) {
        var rest = bytes
        while rest.readableBytes > 0 {
            let written = unsafe rest.withUnsafeReadableBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if written >= 0 {
                rest.moveReaderIndex(forwardBy: written)
            } else {
                try recover(from: errno)
            }
        }
    }

    private func recover(from code: Int32) throws(CaptureError) {
        switch code {
        case EINTR: return
        case EAGAIN:
            // Someone who shares the descriptor has made it non-blocking.
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            unsafe poll(&entry, 1, -1)
        case EPIPE:
            throw CaptureError(code: .outputClosed, message: "nobody reads the output any more")
        default:
            let reason = unsafe String(cString: strerror(code))
            throw CaptureError(
                code: .outputFailed,
                message: "the output cannot be written: \(reason)"
            )
        }
    }
}
