public import Tracing

extension ServiceContext {
    private enum TraceContextKey: ServiceContextKey {
        typealias Value = TraceContext

        static var nameOverride: String? { "traceContext" }
    }

    /// The span that whatever is done in this context belongs to; nil where nothing is traced.
    public var traceContext: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }

    /// Creates the context of whatever is done within a span, and nothing else.
    ///
    /// - Parameter trace: the span; nil for none.
    public static func within(_ trace: TraceContext?) -> ServiceContext {
        var context = ServiceContext.topLevel
        context.traceContext = trace
        return context
    }
}
