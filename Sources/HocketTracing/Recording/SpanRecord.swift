public import HocketEngine
public import Tracing

/// What was recorded of one span.
public struct SpanRecord: Sendable {
    /// Another span that this one has to do with.
    public struct Link: Hashable, Sendable {
        /// The other span.
        public var trace: TraceContext
    }

    /// How many events of a span are kept; those that come later are only counted.
    static let eventsMax = 128

    /// The span's own place in its trace.
    public let trace: TraceContext
    /// The span that it is within; nil for the first of a trace.
    public let parentID: UInt64?
    /// What kind of work it stands for.
    public let kind: SpanKind
    /// What is done.
    public var name: String
    /// When it began, in nanoseconds since 1970.
    public let startedAt: UInt64
    /// When it ended, in nanoseconds since 1970; never before it began, whatever the clock did.
    public private(set) var endedAt: UInt64
    /// What is told of it.
    public var attributes = SpanAttributes([:])
    /// What happened meanwhile, in order.
    public private(set) var events: [SpanEvent] = []
    /// How many events there were that are not kept.
    public private(set) var droppedEvents = 0
    /// The spans of other work that it has to do with.
    public private(set) var links: [Link] = []
    /// Whether it went well; nil where nobody said so.
    public var status: SpanStatus?

    init(
        _ trace: TraceContext,
        parentID: UInt64?,
        name: String,
        kind: SpanKind,
        startedAt: UInt64
    ) {
        self.trace = trace
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.startedAt = startedAt
        endedAt = startedAt
    }

    mutating func add(_ event: SpanEvent) {
        guard events.count < Self.eventsMax else {
            droppedEvents += 1
            return
        }
        events.append(event)
    }

    mutating func add(_ link: SpanLink) {
        guard let trace = link.context.traceContext else { return }
        links.append(Link(trace: trace))
    }

    mutating func end(at nanoseconds: UInt64) {
        endedAt = max(startedAt, nanoseconds)
    }
}
