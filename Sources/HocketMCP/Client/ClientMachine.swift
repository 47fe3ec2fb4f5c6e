import Harmony
import HocketEngine

/// The client's side of the Model Context Protocol on one connection, without any transport.
///
/// The machine opens the connection in whichever era the server speaks, numbers the requests,
/// and says what each arriving message means. It asks for the newest revision first, with
/// `server/discover`, and falls back to `initialize` for servers that do not know it
/// (specification 2026-07-28, Versioning: Backward Compatibility).
struct ClientMachine: Equatable, Sendable {
    /// How this client introduces itself.
    struct Identity: Equatable, Sendable {
        var name: String
        var version: String

        var json: JSONValue {
            ["name": .string(name), "version": .string(version)]
        }
    }

    /// How far the connection is.
    enum State: Equatable, Sendable {
        /// → `probing`, `initializing`
        case closed
        /// `server/discover` waits for its answer. → `ready`, `initializing`, `closed`
        ///
        /// `isLast` when `initialize` was refused already.
        case probing(isLast: Bool)
        /// `initialize` waits for its answer. → `ready`, `probing`, `closed`
        ///
        /// `mayProbe` when no answer has shown yet that the server does not know newer ones.
        case initializing(mayProbe: Bool)
        /// Requests may be sent. → `closed`
        case ready(ProtocolRevision)
    }

    private(set) var state = State.closed
    private let identity: Identity
    /// Whether all messages come on one stream, as on a pipe, rather than on one per request.
    private let sharesOneStream: Bool
    private var inFlight: Set<JSONRPCID> = []
    private var lastID = 0
    /// The server had sessions when it was last connected to, or was lost while being asked:
    /// some die of a request that they do not know.
    private var beginsWithSession = false

    init(identity: Identity, sharesOneStream: Bool) {
        self.identity = identity
        self.sharesOneStream = sharesOneStream
    }

    /// The revision in force; nil until the connection is ready.
    var revision: ProtocolRevision? {
        guard case .ready(let revision) = state else { return nil }
        return revision
    }
}

extension ClientMachine {
    /// A request is to be sent.
    ///
    /// - Parameter reportsProgress: whether the server may report progress; the reports then
    ///   name the request by its own id.
    /// - Parameter trace: the span that asks, for the server to continue.
    mutating func requested(
        _ method: String,
        _ params: JSONObject,
        reportsProgress: Bool = false,
        trace: TraceContext? = nil
    ) -> ClientRequest {
        precondition(revision != nil, "requests wait until the connection is ready")
        var request = request(method, params, revision: revision, reportsProgress: reportsProgress)
        if let trace { request.carry(trace) }
        return request
    }

    /// Nobody waits for the answer any more.
    ///
    /// - Returns: what tells the server; nil where it is told by the end of the request's own
    ///   stream, or has nothing to be told.
    mutating func abandoned(_ id: JSONRPCID) -> JSONRPCMessage? {
        guard inFlight.remove(id) != nil, let revision else { return nil }
        guard revision.hasSessions || sharesOneStream else { return nil }
        return .notification(
            method: "notifications/cancelled",
            params: ["requestId": id.json, "reason": "the caller does not wait any longer"]
        )
    }

    /// The connection is lost or was given up; answers that are still on their way are not ours.
    mutating func closed() {
        switch state {
        case .probing(isLast: false): beginsWithSession = sharesOneStream
        case .ready(let revision): beginsWithSession = revision.hasSessions
        case .closed, .probing, .initializing: break
        }
        state = .closed
        inFlight.removeAll()
    }
}

extension ClientMachine {
    mutating func enter(_ state: State) {
        self.state = state
    }

    mutating func discover(isLast: Bool) -> ClientRequest {
        state = .probing(isLast: isLast)
        return request("server/discover", [:], revision: .newest, reportsProgress: false)
    }

    mutating func initialize(
        offering revision: ProtocolRevision = .newestWithSessions,
        mayProbe: Bool
    ) -> ClientRequest {
        state = .initializing(mayProbe: mayProbe)
        let params: JSONObject = [
            "protocolVersion": .string(revision.rawValue),
            "capabilities": [:],
            "clientInfo": identity.json,
        ]
        return request("initialize", params, revision: nil, reportsProgress: false)
    }

    /// The connection's first request.
    mutating func firstRequest() -> ClientRequest {
        guard beginsWithSession else { return discover(isLast: false) }
        beginsWithSession = false
        return initialize(mayProbe: true)
    }

    /// Takes a request off the list of those that wait.
    mutating func settle(_ id: JSONRPCID) -> Bool {
        inFlight.remove(id) != nil
    }

    func isInFlight(_ id: JSONRPCID) -> Bool {
        inFlight.contains(id)
    }

    private mutating func request(
        _ method: String,
        _ params: JSONObject,
        revision: ProtocolRevision?,
        reportsProgress: Bool
    ) -> ClientRequest {
        lastID += 1
        let id = JSONRPCID.integer(lastID)
        inFlight.insert(id)
        var meta = JSONObject()
        if reportsProgress { meta["progressToken"] = id.json }
        if let revision, !revision.hasSessions { describe(revision, in: &meta) }
        var params = params
        if !meta.members.isEmpty { params["_meta"] = .object(meta) }
        return ClientRequest(id: id, method: method, params: params, revision: revision)
    }

    /// What each request carries since there are no sessions (2026-07-28, Base Protocol: `_meta`).
    private func describe(_ revision: ProtocolRevision, in meta: inout JSONObject) {
        meta["io.modelcontextprotocol/protocolVersion"] = .string(revision.rawValue)
        meta["io.modelcontextprotocol/clientInfo"] = identity.json
        meta["io.modelcontextprotocol/clientCapabilities"] = [:]
    }
}
