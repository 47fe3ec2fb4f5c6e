import HocketEngine
public import Tracing

/// Makes spans, and hands on what was recorded of those whose traces are.
///
/// Each span has an id of its own, recorded or not, so that whatever is called within it finds its
/// place in the trace. It is passed to whoever makes spans, and never made the process's own
/// (`InstrumentationSystem`): libraries below would make spans of theirs, and tell every host that
/// they speak to of the trace.
public struct RecordingTracer: Tracer {
    private let sampler: TraceSampler
    private let random: @Sendable () -> UInt64
    private let onEnd: @Sendable (SpanRecord) -> Void

    /// Creates a tracer.
    ///
    /// - Parameters:
    ///   - sampler: which traces are recorded that begin here.
    ///   - random: 64 random bits, for ids.
    ///   - onEnd: given each recorded span when it ends, on any thread; must not wait.
    public init(
        sampler: TraceSampler = TraceSampler(),
        random: @escaping @Sendable () -> UInt64,
        onEnd: @escaping @Sendable (SpanRecord) -> Void
    ) {
        self.sampler = sampler
        self.random = random
        self.onEnd = onEnd
    }

    /// Begins a span within the one of a context, or a new trace where that has none.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> RecordingSpan {
        var context = context()
        let parent = context.traceContext
        let trace = TraceContext.fresh(within: parent, random: random, samples: sampler.samples)
        context.traceContext = trace
        let record =
            trace.isSampled
            ? SpanRecord(
                trace,
                parentID: parent?.spanID,
                name: operationName,
                kind: kind,
                startedAt: instant().nanosecondsSinceEpoch
            ) : nil
        return RecordingSpan(in: context, recording: record, onEnd: onEnd)
    }

    /// Does nothing: spans are exported by a service that is ended in order.
    public func forceFlush() {}

    // MARK: W3C Trace Context

    private static let parentField = "traceparent"
    private static let stateField = "tracestate"

    /// Reads the caller's span.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: Self.parentField, from: carrier) else { return }
        let state = extractor.extract(key: Self.stateField, from: carrier)
        context.traceContext = TraceContext(
            traceParent: parent,
            state: state.flatMap { TraceState(fields: [$0]) } ?? TraceState()
        )
    }

    /// Tells whoever is called of the span that calls.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.traceContext else { return }
        injector.inject(trace.traceParent, forKey: Self.parentField, into: &carrier)
        guard !trace.state.text.isEmpty else { return }
        injector.inject(trace.state.text, forKey: Self.stateField, into: &carrier)
    }
}
