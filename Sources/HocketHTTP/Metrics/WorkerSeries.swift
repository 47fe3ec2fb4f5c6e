import HocketEngine
import HocketWire

/// What is known of the attached workers, as Prometheus reads it.
///
/// It is asked for when it is shown, since the directory of workers counts it anyway. A worker and
/// its replacement have one name, and so one series.
struct WorkerSeries {
    private let generations: [(name: String, workers: [WorkerSnapshot])]
    /// What outlives the workers.
    private let samplings: SamplingTotals

    init(_ workers: [WorkerSnapshot], _ samplings: SamplingTotals) {
        self.samplings = samplings
        generations = Dictionary(grouping: workers, by: \.name)
            .sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    func write(to text: inout String) {
        text += "# TYPE hocket_workers gauge\n"
        text += "hocket_workers \(generations.reduce(0) { $0 + $1.workers.count })\n"
        text += "# TYPE hocket_samplings_moved_total counter\n"
        text += "hocket_samplings_moved_total \(samplings.moved)\n"
        writeCancelledUsage(to: &text)
        write("hocket_worker_streams", "gauge", to: &text) { workers in
            workers.reduce(0) { $0 + $1.runningStreams }
        }
        // A replacement is judged by the same breaker.
        write("hocket_worker_breaker_state", "gauge", to: &text) { workers in
            workers.first?.breaker.number ?? 0
        }
        write("hocket_worker_samplings_placed_total", "counter", of: \.placed, to: &text)
        write("hocket_worker_samplings_finished_total", "counter", of: \.finished, to: &text)
        write("hocket_worker_samplings_failed_total", "counter", of: \.failed, to: &text)
        write("hocket_worker_samplings_retried_total", "counter", of: \.retried, to: &text)
    }

    private func writeCancelledUsage(to text: inout String) {
        let (family, usage) = ("hocket_cancelled_tokens_total", samplings.cancelledUsage)
        text += "# TYPE \(family) counter\n"
        text += "\(family){kind=\"prompt\"} \(usage.promptTokens)\n"
        text += "\(family){kind=\"cached\"} \(usage.cachedTokens)\n"
        text += "\(family){kind=\"output\"} \(usage.outputTokens)\n"
    }

    /// Totals are kept by name, so that each generation has the same.
    private func write(
        _ family: String,
        _ type: String,
        of total: KeyPath<WorkerTotals, Int>,
        to text: inout String
    ) {
        write(family, type, to: &text) { $0.first?.totals[keyPath: total] ?? 0 }
    }

    private func write(
        _ family: String,
        _ type: String,
        to text: inout String,
        value: ([WorkerSnapshot]) -> Int
    ) {
        guard !generations.isEmpty else { return }
        text += "# TYPE \(family) \(type)\n"
        for (name, workers) in generations {
            let label = MetricName.Label(name: "worker", value: name)
            text += "\(MetricName(family: family, labels: [label]).sample()) \(value(workers))\n"
        }
    }
}

extension CircuitBreaker.State {
    /// The state as a number that grows with what is held back: 0 closed, 1 half open, 2 open.
    fileprivate var number: Int {
        switch self {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        }
    }
}
