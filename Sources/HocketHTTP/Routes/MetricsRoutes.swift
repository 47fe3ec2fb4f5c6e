import HTTPTypes
import HocketEngine
import Hummingbird
import NIOCore

/// `GET /metrics`: what was counted, for Prometheus.
struct MetricsRoutes {
    let registry: PrometheusRegistry
    /// The workers that are attached now.
    let workers: @Sendable () -> [WorkerSnapshot]
    /// What was counted of all samplings.
    let samplings: @Sendable () -> SamplingTotals
    /// The requests that wait now.
    let queue: @Sendable () -> QueueSnapshot

    func add(to router: Router<BridgeContext>) {
        router.get("metrics") { _, _ in
            var text = registry.text()
            QueueSeries(queue: queue()).write(to: &text)
            WorkerSeries(workers(), samplings()).write(to: &text)
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text))
            )
        }
        router.refuseOthers(than: .get, .head, on: "metrics")
    }
}
