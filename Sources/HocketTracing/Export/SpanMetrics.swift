import CoreMetrics

/// What is counted of spans on their way to a collector.
struct SpanMetrics: Sendable {
    /// Why a span does not arrive.
    enum Loss: String {
        /// So many waited already.
        case queueFull = "queue_full"
        /// The collector did not want it, and said so.
        case refused
        /// The collector was tried in vain, as often as it is.
        case unreachable
        /// The process ended first.
        case shutdown
    }

    private let factory: any MetricsFactory
    private let exported: Counter
    private let failures: Counter

    init(factory: any MetricsFactory) {
        self.factory = factory
        exported = Counter(label: "hocket_spans_exported_total", factory: factory)
        failures = Counter(label: "hocket_spans_export_failures_total", factory: factory)
        // There from the beginning: who watches sees that nothing is lost.
        dropped(0, .queueFull)
    }

    /// A collector took so many spans.
    func exported(_ count: Int) { exported.increment(by: count) }

    /// An attempt to export a batch failed.
    func exportFailed() { failures.increment() }

    /// So many spans will not arrive.
    func dropped(_ count: Int, _ loss: Loss) {
        Counter(
            label: "hocket_spans_dropped_total",
            dimensions: [("reason", loss.rawValue)],
            factory: factory
        ).increment(by: count)
    }
}
