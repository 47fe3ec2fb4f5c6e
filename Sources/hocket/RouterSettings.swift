import HocketEngine
import HocketHTTP
import HocketMCP
import HocketTransport
import Logging

/// The settings of a router, checked.
struct RouterSettings {
    var http: HTTPAddress
    var workerSocket: SocketSource
    var inspectSocket: SocketSource
    var adminSocket: HTTPAddress
    var allowedUserIDs: [UInt32]
    var showsContent: Bool
    /// How responses are made and kept.
    var responses: ResponseSettings
    /// The tool servers that requests may name, and rules for others.
    var toolServers: MCPConfiguration
    /// How long streams may take to end when the router is stopped.
    var drainTimeout: Duration
    /// How long workers are waited for.
    var times = ConnectionTimes()
    var placement = PlacementSettings()
    /// Whom to tell how the router is; nil for nobody.
    var notifier: ServiceNotifier?
    /// How many threads serve clients and workers.
    var threads: Int
    /// Who may ask.
    var access: AccessSettings
    /// What is taken from clients.
    var limits: HTTPLimits
    /// Where spans are told; nil for nowhere.
    var tracing: TracingSettings?
    var logLevel: Logger.Level
}
