public import CoreMetrics
import Synchronization

/// Keeps what swift-metrics counts, and writes it in Prometheus' text format.
///
/// Small, since it does what a router needs and no more: counters, gauges, sums with their counts,
/// and histograms of times. Those who watch many routers reckon rates and quantiles where they
/// collect.
///
/// Labels become names as they are, so that they are written the way Prometheus wants them:
/// `hocket_http_requests_total`.
public final class PrometheusRegistry: MetricsFactory {
    private let series = Mutex<[MetricName: any PrometheusSeries]>([:])

    /// Creates a registry that has counted nothing.
    public init() {}

    /// All there is, in Prometheus' text format 0.0.4, ordered by name.
    public func text() -> String {
        let series = self.series.withLock { $0 }.sorted { $0.key < $1.key }
        var text = ""
        var family: String?
        for (name, value) in series {
            if name.family != family {
                text += "# TYPE \(name.family) \(value.type)\n"
                family = name.family
            }
            value.write(to: &text, as: name)
        }
        return text
    }

    /// The series of that name, made now if there is none.
    private func find<Series: PrometheusSeries>(
        _ label: String,
        _ dimensions: [(String, String)],
        _ make: () -> Series
    ) -> Series {
        let name = MetricName(family: label, labels: dimensions.map(MetricName.Label.init))
        return series.withLock { series in
            if let known = series[name] as? Series { return known }
            let new = make()
            series[name] = new
            return new
        }
    }

    /// A counter of that name.
    public func makeCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any CounterHandler {
        find(label, dimensions) { PrometheusCounter() }
    }

    /// A gauge of that name.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions) { PrometheusGauge() }
    }

    /// A sum and a count of that name, or the last value where nothing is to be aggregated.
    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? find(label, dimensions) { PrometheusSummary() }
            : find(label, dimensions) { PrometheusGauge() }
    }

    /// A histogram of seconds of that name.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions) { PrometheusHistogram() }
    }

    // What was counted once stays, as Prometheus wants it: a counter that vanishes looks like a
    // router that was started anew.

    /// Keeps the counter.
    public func destroyCounter(_ handler: any CounterHandler) {}

    /// Keeps the gauge.
    public func destroyMeter(_ handler: any MeterHandler) {}

    /// Keeps what was recorded.
    public func destroyRecorder(_ handler: any RecorderHandler) {}

    /// Keeps what was timed.
    public func destroyTimer(_ handler: any TimerHandler) {}
}
