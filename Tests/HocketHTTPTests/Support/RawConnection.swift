import NIOCore
import NIOPosix

/// A client's connection without a word of HTTP in it: the test writes and reads the bytes.
struct RawConnection: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    /// Connects.
    ///
    /// - Parameter first: sent in the very turn of the event loop in which the connection is made.
    static func connect(
        to address: SocketAddress,
        sending first: String = ""
    ) async throws -> RawConnection {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        InboxHandler(inbox, first: first)
                    )
                }
            }
            .connect(to: address)
            .get()
        return RawConnection(channel: channel, inbox: inbox)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Takes from what came as soon as `parse` makes something of it: see ``Inbox/take(_:)``.
    func take<Value: Sendable>(
        _ parse: @Sendable ([UInt8], Bool) throws -> (Value, Int)?
    ) async throws -> Value {
        try await inbox.take(parse)
    }

    /// Sends and closes the client's side with nothing in between.
    func sendAndCloseOutput(_ text: String) async throws {
        let channel = channel
        let closed = channel.eventLoop.flatSubmit {
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            return channel.close(mode: .output)
        }
        try await closed.get()
    }

    /// The next response, whole.
    ///
    /// - Parameter method: what it answers; the answer to HEAD has no body whatever its head says.
    func response(to method: String = "POST") async throws -> WireResponse {
        try await inbox.take { bytes, isEnded in
            try WireResponse.parse(bytes, isEnded: isEnded, answers: method)
        }
    }

    /// The bytes up to and with a text, once it has come.
    func bytes(through text: String) async throws -> String {
        let pattern = Array(text.utf8)
        return try await inbox.take { bytes, _ in
            guard let end = bytes.firstRange(of: pattern)?.upperBound else { return nil }
            return (String(decoding: bytes[..<end], as: UTF8.self), end)
        }
    }

    /// Everything that is left, once the server has closed its side.
    func rest() async throws -> String {
        try await inbox.take { bytes, isEnded in
            isEnded ? (String(decoding: bytes, as: UTF8.self), bytes.count) : nil
        }
    }

    /// The bytes that came and were not taken.
    var waitingBytes: Int { inbox.count }

    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func readOn() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
    }

    /// Takes what one read gives, while reading is stopped.
    func readOnce() async throws {
        try await channel.eventLoop.submit { channel.read() }.get()
    }

    /// Waits until the server has closed the connection.
    func closed() async throws {
        try await channel.closeFuture.get()
    }

    func closeOutput() async throws {
        try await channel.close(mode: .output)
    }

    func close() async throws {
        try await channel.close()
    }
}

private final class InboxHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let inbox: Inbox
    private let first: String

    init(_ inbox: Inbox, first: String) {
        self.inbox = inbox
        self.first = first
    }

    func channelActive(context: ChannelHandlerContext) {
        if !first.isEmpty {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: first)), promise: nil)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbox.append(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { inbox.end() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.end()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
