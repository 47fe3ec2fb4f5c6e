import Harmony
import HocketEngine

/// A request of this client, as a transport sends it.
struct ClientRequest: Equatable, Sendable {
    /// What the answer names.
    var id: JSONRPCID
    /// What is asked.
    var method: String
    /// The parameters, with everything that the revision wants in them.
    var params: JSONObject
    /// The revision in force; nil for `initialize`, which finds it out.
    var revision: ProtocolRevision?
    /// Arguments that the tool wants repeated in the HTTP head.
    var mirroredArguments: [MirroredArguments.Field] = []
    /// The span that asks.
    private(set) var trace: TraceContext?

    var message: JSONRPCMessage {
        .request(id: id, method: method, params: .object(params))
    }

    /// Tells the server which span asks, as the newest revision has it (2026-07-28, Base Protocol:
    /// `_meta`): older ones let a client put into `_meta` what it likes.
    mutating func carry(_ trace: TraceContext) {
        self.trace = trace
        var meta = params["_meta"]?.object ?? [:]
        meta["traceparent"] = .string(trace.traceParent)
        if !trace.state.text.isEmpty { meta["tracestate"] = .string(trace.state.text) }
        params["_meta"] = .object(meta)
    }
}
