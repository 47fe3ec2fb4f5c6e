import CoreMetrics

/// What the HTTP front counts.
struct HTTPMetrics: Sendable {
    private let factory: any MetricsFactory
    /// Requests that showed no key that holds.
    let keysRefused: Counter
    /// Clients that were cut off because they took nothing.
    let slowClients: Counter
    /// The connections there are.
    let connections: Meter
    /// Those of them that are WebSockets.
    let webSockets: Meter
    /// The bytes of requests' bodies that were not looked at yet.
    let bodyBytes: Meter
    /// The answers that are being made.
    let answers: Meter

    init(factory: any MetricsFactory) {
        self.factory = factory
        keysRefused = Counter(label: "hocket_http_keys_refused_total", factory: factory)
        slowClients = Counter(label: "hocket_http_slow_clients_total", factory: factory)
        connections = Meter(label: "hocket_http_connections", factory: factory)
        webSockets = Meter(label: "hocket_http_web_sockets", factory: factory)
        bodyBytes = Meter(label: "hocket_http_body_bytes", factory: factory)
        answers = Meter(label: "hocket_http_answers", factory: factory)
    }

    /// A request was answered, or a stream's head was.
    ///
    /// - Parameter route: the path with its parameters by name, so that there is an end of routes.
    func answered(route: String, status: Int) {
        Counter(
            label: "hocket_http_requests_total",
            dimensions: [("route", route), ("status", "\(status)")],
            factory: factory
        ).increment()
    }

    /// A message of a WebSocket was answered, by a response or by an error.
    ///
    /// - Parameter status: what HTTP would have answered.
    func messageAnswered(status: Int) {
        Counter(
            label: "hocket_http_messages_total",
            dimensions: [("status", "\(status)")],
            factory: factory
        ).increment()
    }

    /// A WebSocket was closed from this side, or together with the client.
    func webSocketClosed(code: UInt16) {
        Counter(
            label: "hocket_http_web_sockets_closed_total",
            dimensions: [("code", "\(code)")],
            factory: factory
        ).increment()
    }

    /// A request was refused before it came to any route.
    func refused(status: Int) {
        Counter(
            label: "hocket_http_refusals_total",
            dimensions: [("status", "\(status)")],
            factory: factory
        ).increment()
    }
}
