import HocketEngine

/// The requests that wait for a worker, as Prometheus reads them.
struct QueueSeries {
    let queue: QueueSnapshot

    func write(to text: inout String) {
        write("hocket_queue_requests", queue.requests, to: &text)
        write("hocket_queue_tokens", queue.tokens, to: &text)
        write("hocket_admissions", queue.admissions, to: &text)
    }

    private func write(_ family: String, _ value: Int, to text: inout String) {
        text += "# TYPE \(family) gauge\n\(family) \(value)\n"
    }
}
