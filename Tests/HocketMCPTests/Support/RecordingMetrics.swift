import CoreMetrics
import Synchronization

/// Keeps what is counted, by the name of its series: `name{label=value,…}`.
final class RecordingMetrics: MetricsFactory {
    private let values = Mutex<[String: Double]>([:])

    subscript(series: String) -> Double? { values.withLock { $0[series] } }
    var series: [String] { values.withLock { $0.keys.sorted() } }

    private func change(_ series: String, _ change: (inout Double) -> Void) {
        values.withLock { change(&$0[series, default: 0]) }
    }

    private static func series(_ label: String, _ dimensions: [(String, String)]) -> String {
        "\(label){\(dimensions.map { "\($0)=\($1)" }.joined(separator: ","))}"
    }

    /// One series.
    private final class Series: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
        private let metrics: RecordingMetrics
        private let name: String

        init(_ metrics: RecordingMetrics, _ name: String) {
            self.metrics = metrics
            self.name = name
        }

        func increment(by amount: Int64) { metrics.change(name) { $0 += Double(amount) } }
        func reset() { metrics.change(name) { $0 = 0 } }
        func set(_ value: Int64) { metrics.change(name) { $0 = Double(value) } }
        func set(_ value: Double) { metrics.change(name) { $0 = value } }
        func increment(by amount: Double) { metrics.change(name) { $0 += amount } }
        func decrement(by amount: Double) { metrics.change(name) { $0 -= amount } }
        func record(_ value: Int64) { metrics.change(name) { $0 += Double(value) } }
        func record(_ value: Double) { metrics.change(name) { $0 += value } }
        func recordNanoseconds(_ duration: Int64) {
            metrics.change(name) { $0 += Double(duration) / 1e9 }
        }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Series(self, Self.series(label, dimensions))
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Series(self, Self.series(label, dimensions))
    }

    func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        Series(self, Self.series(label, dimensions))
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Series(self, Self.series(label, dimensions))
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
