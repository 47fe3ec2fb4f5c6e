import AsyncHTTPClient
public import CoreMetrics
public import Logging
public import NIOCore
import NIOHTTP1
public import ServiceLifecycle

/// Posts spans to a collector over OTLP/HTTP, in JSON, a batch at a time.
///
/// Whoever makes spans never waits for it: a bounded number of them is held, and the others are
/// counted. A collector that is not there, or asks for time, is tried again; while it is, the
/// router serves on. Shut down, it exports what it holds, within a bounded time.
public final class SpanExporter: Service {
    /// How long one attempt may take.
    private static let attemptTimeMax = TimeAmount.seconds(10)
    private static let connectTimeMax = TimeAmount.seconds(5)
    /// How much is read of a collector's answer.
    private static let answerBytesMax = 64 << 10

    private let endpoint: OTLPEndpoint
    private let traces: OTLPTraces
    private let sampler: TraceSampler
    private let flushTimeMax: Duration
    private let clock: any Clock<Duration>
    private let eventLoop: any EventLoop
    private let random: @Sendable () -> UInt64
    private let metrics: SpanMetrics
    private let logger: Logger
    private let buffer: SpanBuffer

    /// Creates an exporter; nothing is connected until it runs and has something to say.
    ///
    /// - Parameters:
    ///   - endpoint: the collector.
    ///   - version: the version of the software whose spans these are.
    ///   - sampler: which traces are recorded that begin here.
    ///   - limits: how spans are gathered, and how long their export is tried.
    ///   - flushTimeMax: how long the export of what is left may take when the service shuts down.
    ///   - clock: measures that.
    ///   - eventLoop: where the collector is spoken to, and the time of batches is kept; not one
    ///     that serves requests.
    ///   - random: 64 random bits, for ids and pauses.
    ///   - metrics: counts what arrives and what does not.
    ///   - logger: told when the collector fails, and when it is back.
    public init(
        to endpoint: OTLPEndpoint,
        version: String,
        sampler: TraceSampler = TraceSampler(),
        limits: BatchLimits = BatchLimits(),
        flushTimeMax: Duration = .seconds(5),
        clock: any Clock<Duration> = ContinuousClock(),
        on eventLoop: any EventLoop,
        random: @escaping @Sendable () -> UInt64,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        logger: Logger
    ) {
        self.endpoint = endpoint
        traces = OTLPTraces(version: version)
        self.sampler = sampler
        self.flushTimeMax = flushTimeMax
        self.clock = clock
        self.eventLoop = eventLoop
        self.random = random
        self.metrics = SpanMetrics(factory: metrics)
        self.logger = logger
        buffer = SpanBuffer(limits: limits, metrics: self.metrics, now: { eventLoop.now })
    }

    /// Makes spans that are exported.
    public var tracer: RecordingTracer {
        RecordingTracer(sampler: sampler, random: random, onEnd: { [buffer] in buffer.add($0) })
    }

    /// Exports until the service shuts down, and then what is left.
    public func run() async throws {
        let client = client()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.export(with: client) }
            group.addTask { await self.endAfterShutdown() }
            // Either all is exported, or there is no more time for it.
            await group.next()
            group.cancelAll()
        }
        let left = buffer.tell { queue, _ in queue.abandoned() }
        if left > 0 { lost(left, .shutdown) }
        try await client.shutdown()
    }

    private func client() -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: Self.connectTimeMax)
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: eventLoop, configuration: configuration)
    }

    /// Returns when there is no more time to export, or at once when it is cancelled.
    private func endAfterShutdown() async {
        do { try await gracefulShutdown() } catch { return }
        buffer.tell { queue, _ in queue.endBegan() }
        buffer.raise()
        try? await clock.sleep(for: flushTimeMax)
    }

    private func export(with client: HTTPClient) async {
        var timer: Scheduled<Void>?
        defer { timer?.cancel() }
        var isFailing = false
        for await _ in buffer.wakes {
            timer?.cancel()
            due: while true {
                switch buffer.tell({ queue, now in queue.next(at: now) }) {
                case .export(let spans):
                    let answer = await post(spans, with: client)
                    // What was cancelled is no failure of the collector's.
                    guard !Task.isCancelled else { return }
                    isFailing = !settle(answer, of: spans.count, wasFailing: isFailing)
                case .wait(let moment):
                    timer = moment.map { moment in
                        eventLoop.scheduleTask(deadline: moment) { [buffer] in buffer.raise() }
                    }
                    break due
                case .end: return
                }
            }
        }
    }

    private func post(_ spans: [SpanRecord], with client: HTTPClient) async -> OTLPAnswer {
        var request = HTTPClientRequest(url: endpoint.traces)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "hocket/\(traces.version)")
        request.body = .bytes(traces.bytes(of: spans))
        do {
            let response = try await client.execute(request, timeout: Self.attemptTimeMax)
            let body = try? await response.body.collect(upTo: Self.answerBytesMax)
            return OTLPAnswer(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "retry-after"),
                body: body.map { Array($0.readableBytesView) } ?? []
            )
        } catch {
            return .none(reason: "\(error)")
        }
    }
}

// MARK: What became of a batch

extension SpanExporter {
    /// - Returns: whether it arrived.
    private func settle(_ answer: OTLPAnswer, of count: Int, wasFailing: Bool) -> Bool {
        switch answer {
        case .taken(let rejected):
            buffer.tell { queue, _ in queue.exported() }
            metrics.exported(max(0, count - rejected))
            if rejected > 0 { lost(min(rejected, count), .refused) }
            if wasFailing { logger.info("spans are exported again") }
            return true
        case .refused(let status):
            failed("status \(status)", mayRetry: false, loss: .refused, wasFailing: wasFailing)
        case .later(let status, let pause):
            failed("status \(status)", mayRetry: true, pause: pause, wasFailing: wasFailing)
        case .none(let reason):
            failed(reason, mayRetry: true, wasFailing: wasFailing)
        }
        return false
    }

    private func failed(
        _ reason: String,
        mayRetry: Bool,
        pause: TimeAmount? = nil,
        loss: SpanMetrics.Loss = .unreachable,
        wasFailing: Bool
    ) {
        metrics.exportFailed()
        if !wasFailing {
            // Once, and not for every attempt.
            logger.warning(
                "spans cannot be exported",
                metadata: ["collector": "\(endpoint)", "reason": "\(reason)"]
            )
        }
        let random = random()
        let follows = buffer.tell { queue, now in
            queue.failed(mayRetry: mayRetry, askedPause: pause, random: random, at: now)
        }
        if case .dropped(let count) = follows { lost(count, loss) }
    }

    private func lost(_ count: Int, _ loss: SpanMetrics.Loss) {
        metrics.dropped(count, loss)
        logger.warning(
            "spans were dropped",
            metadata: ["spans": "\(count)", "reason": "\(loss.rawValue)"]
        )
    }
}
