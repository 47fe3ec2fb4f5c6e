import HocketEngine
import Synchronization
public import Tracing

/// A span of a ``RecordingTracer``: recorded where its trace is, and else no more than an id.
///
/// It is handed on when it ends, once. One that is let go of ends then: none is lost because a
/// path forgot it.
public final class RecordingSpan: Tracing.Span {
    /// The context of whatever is done within the span.
    public let context: ServiceContext

    /// What is recorded so far; nil where nothing is, and when the span is over.
    private let record: Mutex<SpanRecord?>
    private let onEnd: @Sendable (SpanRecord) -> Void

    init(
        in context: ServiceContext,
        recording record: SpanRecord?,
        onEnd: @escaping @Sendable (SpanRecord) -> Void
    ) {
        self.context = context
        self.record = Mutex(record)
        self.onEnd = onEnd
    }

    deinit { end() }

    /// Whether what is told of the span is kept.
    public var isRecording: Bool { record.withLock { $0 != nil } }

    /// What is done; empty where nothing is recorded.
    public var operationName: String {
        get { record.withLock { $0?.name ?? "" } }
        set { record.withLock { $0?.name = newValue } }
    }

    /// What is told of the span.
    public var attributes: SpanAttributes {
        get { record.withLock { $0?.attributes ?? [:] } }
        set { record.withLock { $0?.attributes = newValue } }
    }

    /// Says whether it went well.
    public func setStatus(_ status: SpanStatus) {
        record.withLock { $0?.status = status }
    }

    /// Something happened meanwhile.
    public func addEvent(_ event: SpanEvent) {
        record.withLock { $0?.add(event) }
    }

    /// Names another span that this one has to do with.
    public func addLink(_ link: SpanLink) {
        record.withLock { $0?.add(link) }
    }

    /// An error came: its type is recorded and not its words, which may quote what was said.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = "\(type(of: error))"
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    /// The span is over; the first end counts.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let last = record.withLock { record in
            defer { record = nil }
            return record
        }
        guard var ended = last else { return }
        ended.end(at: instant().nanosecondsSinceEpoch)
        onEnd(ended)
    }
}
