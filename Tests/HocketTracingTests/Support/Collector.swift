import Harmony
import HocketTesting
import HocketTracing
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A collector of spans on a loopback port, which answers as it is told.
final class Collector: Sendable {
    /// What it was sent.
    struct Post: Sendable {
        var uri = ""
        var headers = HTTPHeaders()
        var body: [UInt8] = []
    }

    /// What it says to one request; the last answer holds for all that follow.
    struct Answer: Sendable {
        var status = HTTPResponseStatus.ok
        var headers: HTTPHeaders = ["content-type": "application/json"]
        var body = "{}"
    }

    /// All that came, in order.
    let posts = Watched<[Post]>([])
    private let answers: Mutex<[Answer]>
    private let channel: any NIOCore.Channel

    private init(_ answers: [Answer], channel: any NIOCore.Channel, _ relay: Relay) {
        self.answers = Mutex(answers)
        self.channel = channel
        relay.collector.withLock { $0 = self }
    }

    /// Runs a collector while `body` runs.
    static func with<Value>(
        _ answers: Answer...,
        body: (Collector) async throws -> Value
    ) async throws -> Value {
        let relay = Relay()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(CollectorHandler(relay))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let collector = Collector(answers.isEmpty ? [Answer()] : answers, channel: channel, relay)
        do {
            let value = try await body(collector)
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// Where it is.
    var endpoint: OTLPEndpoint {
        get throws {
            let port = channel.localAddress?.port ?? 0
            guard let endpoint = OTLPEndpoint("http://127.0.0.1:\(port)") else {
                throw NoAddress()
            }
            return endpoint
        }
    }

    /// All spans that came, in order.
    var spans: [ReceivedSpan] {
        get throws { try posts.value.flatMap { try ReceivedSpan.all(in: $0.body) } }
    }

    /// Returns all spans as soon as there are so many.
    func spans(atLeast count: Int) async throws -> [ReceivedSpan] {
        try await posts.wait { posts in
            let spans = posts.compactMap { try? ReceivedSpan.all(in: $0.body).count }
            return spans.reduce(0, +) >= count
        }
        return try spans
    }

    fileprivate func received(_ post: Post) -> Answer {
        posts.change { $0.append(post) }
        return answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }

    private struct NoAddress: Error {}

    /// Tells a connection whose it is.
    fileprivate final class Relay: Sendable {
        let collector = Mutex<Collector?>(nil)
    }
}

/// One connection of a collector.
private final class CollectorHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let relay: Collector.Relay
    private var post = Collector.Post()

    init(_ relay: Collector.Relay) {
        self.relay = relay
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): post = Collector.Post(uri: head.uri, headers: head.headers)
        case .body(let bytes): post.body += Array(bytes.readableBytesView)
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let answer = relay.collector.withLock({ $0 })?.received(post) else {
            return context.close(promise: nil)
        }
        var headers = answer.headers
        headers.add(name: "content-length", value: "\(answer.body.utf8.count)")
        let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let body = ByteBuffer(string: answer.body)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
