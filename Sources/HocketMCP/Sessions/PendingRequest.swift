import HocketEngine
import HocketWire

/// A request that waits for its answer, and for whom.
struct PendingRequest: Sendable {
    var method: String
    /// The tool that is called.
    var tool: String?
    /// On whose behalf.
    var requestID: RequestID?
    /// Told how far it has come.
    var progress: (@Sendable (ToolProgress) -> Void)?
}
