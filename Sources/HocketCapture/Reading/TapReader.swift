import Glibc
public import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Follows a router's traffic from outside: attaches to its inspection socket and prints.
///
/// It ends when the router does, when it is told to, or when nobody reads what it prints; all
/// three are success.
public struct TapReader: Service {
    private let path: String
    private let group: any EventLoopGroup
    private let printer: RecordPrinter
    private let output: @Sendable (ByteBuffer) throws(CaptureError) -> Void
    private let onAttached: @Sendable (InspectionOpening) -> Void

    /// Creates a reader; nothing is opened until it runs.
    ///
    /// - Parameters:
    ///   - path: the inspection socket of a running router.
    ///   - group: where the connection lives.
    ///   - printer: makes lines of records.
    ///   - output: takes whole lines, as many as one read brought.
    ///   - onAttached: learns who shows its traffic, and whether with content.
    public init(
        path: String,
        group: any EventLoopGroup,
        printer: RecordPrinter,
        output: @escaping @Sendable (ByteBuffer) throws(CaptureError) -> Void,
        onAttached: @escaping @Sendable (InspectionOpening) -> Void = { _ in }
    ) {
        self.path = path
        self.group = group
        self.printer = printer
        self.output = output
        self.onAttached = onAttached
    }

    /// Prints until there is no more to print.
    ///
    /// - Throws: ``CaptureError`` when the router cannot be reached, says what makes no sense, or
    ///   when the output cannot be written.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await follow() }
        } catch is CancellationError {
            return
        } catch let error as CaptureError where error.code == .outputClosed {
            return
        }
    }

    private func follow() async throws {
        try await connect().executeThenClose { inbound in
            var decoder = InspectionDecoder()
            for try await bytes in inbound {
                decoder.append(bytes)
                try show(&decoder)
            }
            try Task.checkCancellation()
            try decoder.finish()
        }
    }

    private func show(_ decoder: inout InspectionDecoder) throws(CaptureError) {
        var lines = ByteBuffer()
        while let event = try decoder.next() {
            switch event {
            case .opening(let opening): onAttached(opening)
            case .frame(let record): printer.print(record, into: &lines)
            case .toolMessage(let record): printer.print(record, into: &lines)
            }
        }
        if lines.readableBytes > 0 { try output(lines) }
    }

    private func connect() async throws(CaptureError) -> NIOAsyncChannel<ByteBuffer, Never> {
        do {
            return try await ClientBootstrap(group: group)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw CaptureError(
                code: .cannotConnect,
                message: "no router shows its traffic on \(path): \(Self.reason(of: error))",
                cause: error
            )
        }
    }

    private static func reason(of error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return unsafe String(cString: strerror(error.errnoCode))
    }
}
