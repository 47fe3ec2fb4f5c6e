import Harmony

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

    var message: JSONRPCMessage {
        .request(id: id, method: method, params: .object(params))
    }
}
