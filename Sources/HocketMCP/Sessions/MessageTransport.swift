import HocketEngine

/// Carries messages to one server and back.
///
/// A transport knows nothing of what messages mean: it asks ``MessageReceiver`` about each that
/// arrives, and does what it is told.
protocol MessageTransport: Sendable {
    /// Whether all messages come on one stream rather than on one per request.
    var sharesOneStream: Bool { get }

    /// Gets ready to carry messages; whatever an earlier connection carried is over.
    func connect(_ receiver: @escaping MessageReceiver) async throws(ToolError)

    /// Sends a request and waits for its answer.
    func exchange(_ request: ClientRequest) async throws(TransportFailure) -> ClientAnswer

    /// Sends a notification or a reply.
    func send(_ message: JSONRPCMessage, revision: ProtocolRevision) async throws(TransportFailure)

    /// Ends the connection, politely but in bounded time.
    func disconnect() async
}

/// Says what an arriving message means; the second argument is the request on whose own stream
/// it came.
typealias MessageReceiver =
    @Sendable (JSONRPCMessage, JSONRPCID?) -> ClientMachine.OnMessage

/// Why a message was not carried, and what is left of the connection.
struct TransportFailure: Error, Hashable {
    /// What is left.
    enum Connection: Hashable {
        /// The connection is as good as before.
        case kept
        /// The connection is gone, and whether the server has read the message is unknown.
        case lost
        /// The connection is gone, and the server has not read the message: it may be sent again.
        case notDelivered
    }

    var error: ToolError
    var connection: Connection

    init(_ error: ToolError, _ connection: Connection) {
        self.error = error
        self.connection = connection
    }
}

extension TransportFailure {
    /// The transport is not connected, or not any more.
    static let sessionEnded = TransportFailure(
        ToolError(code: .unreachable, message: "the session has ended"),
        .notDelivered
    )
}
