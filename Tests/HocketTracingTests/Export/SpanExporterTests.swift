import CoreMetrics
import Harmony
import HocketEngine
import HocketHTTP
import HocketTesting
import HocketTracing
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing
import Tracing

/// Spans on their way to a collector, and what becomes of them when it does not want them.
@Suite(.timeLimit(.minutes(1)))
struct SpanExporterTests {
    private let registry = PrometheusRegistry()

    private func counted(_ line: String) -> Bool {
        registry.text().split(separator: "\n").contains(Substring(line))
    }

    private func makeSpans(_ count: Int, with exporter: SpanExporter) {
        for number in 0..<count { exporter.tracer.startSpan("\(number)", context: .topLevel).end() }
    }

    @Test func spansArePosted() async throws {
        try await Collector.with { collector in
            let exporter = SpanExporter(to: try collector.endpoint, metrics: registry)
            let spans = try await exporter.export {
                self.makeSpans(3, with: exporter)
                return try await collector.spans(atLeast: 3)
            }
            #expect(spans.map(\.name) == ["0", "1", "2"])
            #expect(Set(spans.map(\.traceID)).count == 3)
            let post = try #require(collector.posts.value.first)
            #expect(post.uri == "/v1/traces")
            #expect(post.headers["content-type"] == ["application/json"])
            #expect(post.headers["user-agent"] == ["hocket/0.1.0"])
            #expect(counted("hocket_spans_exported_total 3"))
            #expect(counted(#"hocket_spans_dropped_total{reason="queue_full"} 0"#))
        }
    }

    @Test func whatIsLeftIsPostedAtShutdown() async throws {
        var limits = BatchLimits.quick
        limits.interval = .hours(1)
        try await Collector.with { collector in
            let exporter = SpanExporter(to: try collector.endpoint, limits: limits)
            makeSpans(700, with: exporter)
            try await exporter.export {}
            #expect(try collector.spans.count == 700)
            #expect(collector.posts.value.count == 2)
        }
    }

    @Test func busyCollectorIsAskedAgain() async throws {
        let busy = Collector.Answer(status: .serviceUnavailable, headers: ["retry-after": "0"])
        try await Collector.with(busy, busy, Collector.Answer()) { collector in
            let exporter = SpanExporter(to: try collector.endpoint, metrics: registry)
            try await exporter.export {
                self.makeSpans(1, with: exporter)
                try await collector.posts.wait { $0.count == 3 }
            }
            let posts = collector.posts.value
            #expect(Set(posts.map(\.body)).count == 1)
            #expect(counted("hocket_spans_exported_total 1"))
            #expect(counted("hocket_spans_export_failures_total 2"))
        }
    }

    @Test func refusedBatchIsDroppedAndTheNextOneGoesOn() async throws {
        let refusal = Collector.Answer(status: .badRequest)
        try await Collector.with(refusal, Collector.Answer()) { collector in
            let exporter = SpanExporter(to: try collector.endpoint, metrics: registry)
            makeSpans(2, with: exporter)
            try await exporter.export {
                try await collector.posts.wait { $0.count == 1 }
                self.makeSpans(1, with: exporter)
                try await collector.posts.wait { $0.count == 2 }
            }
            #expect(counted(#"hocket_spans_dropped_total{reason="refused"} 2"#))
            #expect(counted("hocket_spans_exported_total 1"))
            #expect(counted("hocket_spans_export_failures_total 1"))
        }
    }

    @Test func rejectedSpansAreCountedAndNotSentAgain() async throws {
        let body = #"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"no"}}"#
        try await Collector.with(Collector.Answer(body: body)) { collector in
            let exporter = SpanExporter(to: try collector.endpoint, metrics: registry)
            makeSpans(3, with: exporter)
            try await exporter.export {}
            #expect(collector.posts.value.count == 1)
            #expect(counted(#"hocket_spans_dropped_total{reason="refused"} 2"#))
            #expect(counted("hocket_spans_exported_total 1"))
        }
    }

    /// A port that nobody listens on.
    private func deadEndpoint() async throws -> OTLPEndpoint {
        try await Collector.with { try $0.endpoint }
    }

    @Test func deadCollectorCostsSpansAndNothingElse() async throws {
        var limits = BatchLimits.quick
        limits.waitingMax = 2
        limits.attemptsMax = 2
        let exporter = SpanExporter(
            to: try await deadEndpoint(),
            limits: limits,
            metrics: registry
        )
        makeSpans(5, with: exporter)
        try await exporter.export {
            while !self.counted(#"hocket_spans_dropped_total{reason="unreachable"} 2"#) {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        #expect(counted(#"hocket_spans_dropped_total{reason="queue_full"} 3"#))
        #expect(counted("hocket_spans_export_failures_total 2"))
    }

    @Test func shutdownDoesNotWaitLongForACollectorThatHangs() async throws {
        // It accepts connections, and answers nothing.
        let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(silent.localAddress?.port)
        let exporter = SpanExporter(
            to: try #require(OTLPEndpoint("http://127.0.0.1:\(port)")),
            flushTimeMax: .milliseconds(50),
            metrics: registry
        )
        try await exporter.export { self.makeSpans(3, with: exporter) }
        #expect(counted(#"hocket_spans_dropped_total{reason="shutdown"} 3"#))
        try await silent.close()
    }
}
