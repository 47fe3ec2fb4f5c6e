import HocketEngine
import HocketTesting
import HocketTracing
import Testing
import Tracing

/// Spans, their places in traces, and what is recorded of them.
struct RecordingTracerTests {
    private let recorded = Watched<[SpanRecord]>([])
    private let caller = TraceContext(traceID: 0xABC, spanID: 0xDEF, isSampled: true)

    private func tracer(ratio: Double = 1) -> RecordingTracer {
        let randomness = SeededRandomness(seed: 1)
        return RecordingTracer(
            sampler: TraceSampler(ratio: ratio),
            random: { randomness.next() },
            onEnd: { [recorded] span in recorded.change { $0.append(span) } }
        )
    }

    private func time(_ nanoseconds: UInt64) -> DefaultTracerClock.Timestamp {
        DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: nanoseconds)
    }

    @Test func spanWithoutAParentBeginsATrace() throws {
        tracer().startSpan("a", context: .topLevel).end()
        let span = try #require(recorded.value.first)
        #expect(span.parentID == nil)
        #expect(span.trace.isSampled)
    }

    @Test func spanIsAChildOfItsContexts() throws {
        let tracer = tracer()
        let outer = tracer.startSpan("outer", context: .within(caller), ofKind: .server)
        let inner = tracer.startSpan("inner", context: outer.context)
        inner.end()
        outer.end()
        let spans = recorded.value
        #expect(spans.map(\.name) == ["inner", "outer"])
        #expect(spans.map(\.trace.traceID) == [0xABC, 0xABC])
        #expect(spans[1].parentID == 0xDEF)
        #expect(spans[0].parentID == spans[1].trace.spanID)
        #expect(spans[1].kind == .server)
    }

    @Test func callersDecisionWins() throws {
        tracer(ratio: 0).startSpan("a", context: .within(caller)).end()
        #expect(recorded.value.count == 1)
        let unsampled = TraceContext(traceID: 1, spanID: 2)
        let span = tracer().startSpan("b", context: .within(unsampled))
        #expect(!span.isRecording)
        span.end()
        #expect(recorded.value.count == 1)
    }

    @Test func whatIsNotRecordedStillHasAPlaceInTheTrace() throws {
        let span = tracer(ratio: 0).startSpan("a", context: .topLevel)
        let trace = try #require(span.context.traceContext)
        #expect(!trace.isSampled)
        let child = tracer(ratio: 1).startSpan("b", context: span.context)
        #expect(child.context.traceContext?.traceID == trace.traceID)
        #expect(!child.isRecording)
    }

    @Test func everythingThatIsToldIsRecorded() throws {
        let span = tracer().startSpan("a", context: .topLevel, at: time(1000))
        span.operationName = "b"
        span.attributes["n"] = 7
        span.addEvent(SpanEvent(name: "e", at: time(1500)))
        span.addLink(SpanLink(context: .within(caller), attributes: [:]))
        span.setStatus(SpanStatus(code: .error, message: "no"))
        span.end(at: time(2000))
        let record = try #require(recorded.value.first)
        #expect(record.name == "b")
        #expect(record.attributes.get("n") == .int64(7))
        #expect(record.events.map(\.name) == ["e"])
        #expect(record.links.map(\.trace) == [caller])
        #expect(record.status == SpanStatus(code: .error, message: "no"))
        #expect(record.startedAt == 1000)
        #expect(record.endedAt == 2000)
    }

    @Test func wordsOfAnErrorAreNotRecorded() throws {
        let span = tracer().startSpan("a", context: .topLevel)
        span.recordError(EngineError(code: .unavailable, message: "SECRET"))
        span.end()
        let event = try #require(recorded.value.first?.events.first)
        #expect(event.attributes == ["exception.type": "EngineError"])
    }

    @Test func firstEndCounts() {
        let span = tracer().startSpan("a", context: .topLevel, at: time(1000))
        span.end(at: time(2000))
        span.end(at: time(3000))
        span.attributes["n"] = 7
        #expect(recorded.value.map(\.endedAt) == [2000])
    }

    @Test func clockThatGoesBackMakesNoNegativeTime() {
        let span = tracer().startSpan("a", context: .topLevel, at: time(1000))
        span.end(at: time(500))
        #expect(recorded.value.map(\.endedAt) == [1000])
    }

    @Test func spanThatIsLetGoOfEnds() {
        do { _ = tracer().startSpan("a", context: .topLevel) }
        #expect(recorded.value.map(\.name) == ["a"])
    }

    @Test func eventsAreBounded() throws {
        let span = tracer().startSpan("a", context: .topLevel)
        for _ in 0..<130 { span.addEvent("e") }
        span.end()
        let record = try #require(recorded.value.first)
        #expect(record.events.count == 128)
        #expect(record.droppedEvents == 2)
    }

    // MARK: W3C Trace Context

    private struct Fields: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }

        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
            carrier[key] = value
        }
    }

    @Test func whatIsExtractedIsInjectedAgain() {
        let fields = [
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "tracestate": "a=1",
        ]
        var context = ServiceContext.topLevel
        tracer().extract(fields, into: &context, using: Fields())
        var carrier: [String: String] = [:]
        tracer().inject(context, into: &carrier, using: Fields())
        #expect(carrier == fields)
    }

    @Test func nothingIsInjectedWhereNothingIsTraced() {
        var carrier: [String: String] = [:]
        tracer().inject(.topLevel, into: &carrier, using: Fields())
        #expect(carrier.isEmpty)
    }
}
