import Harmony
import HocketEngine

extension ClientMachine {
    /// What an arriving message means.
    enum OnMessage: Equatable {
        /// The answer to a request of ours.
        case answer(JSONRPCID, ClientAnswer)
        /// A request of ours has come further.
        case progress(JSONRPCID, ToolProgress)
        /// The server's tools are not what they were.
        case toolsChanged
        /// Send this back.
        case reply(JSONRPCMessage)
        /// Nothing; the reason is for the log.
        case ignored(String)
    }

    /// A message came.
    ///
    /// - Parameter request: the request whose own stream it came on; nil on a shared stream. An
    ///   answer to another request is then a mistake or a lie, and must not reach that one.
    mutating func received(
        _ message: JSONRPCMessage,
        onStreamOf request: JSONRPCID? = nil
    ) -> OnMessage {
        switch message {
        case .result(let id, let result):
            answered(id, .result(result), onStreamOf: request)
        case .error(let id, let error):
            answered(id ?? request, .error(error), onStreamOf: request)
        case .notification(let method, let params):
            notified(method, params)
        case .request(let id, let method, _):
            asked(method, id: id)
        }
    }

    private mutating func answered(
        _ id: JSONRPCID?,
        _ answer: ClientAnswer,
        onStreamOf request: JSONRPCID?
    ) -> OnMessage {
        guard let id else { return .ignored("an error without an id") }
        guard request == nil || request == id else {
            return .ignored("an answer to another request")
        }
        guard settle(id) else { return .ignored("an answer to no request that waits") }
        return .answer(id, answer)
    }

    private func notified(_ method: String, _ params: JSONValue?) -> OnMessage {
        switch method {
        case "notifications/progress": progressed(params)
        case "notifications/tools/list_changed": .toolsChanged
        default: .ignored("a notification of no interest")
        }
    }

    private func progressed(_ params: JSONValue?) -> OnMessage {
        guard let id = JSONRPCID(params?["progressToken"]), isInFlight(id) else {
            return .ignored("progress of no request that waits")
        }
        guard let done = params?["progress"]?.double else {
            return .ignored("progress without a number")
        }
        let progress = ToolProgress(
            done: done,
            total: params?["total"]?.double,
            message: params?["message"]?.string
        )
        return .progress(id, progress)
    }

    /// Servers ask nothing since 2026-07-28; until then they may, and only `ping` needs more
    /// than a refusal, since this client declares no capability.
    private func asked(_ method: String, id: JSONRPCID) -> OnMessage {
        guard revision?.hasSessions ?? true else {
            return .ignored("a request, which this revision does not know")
        }
        guard method == "ping" else {
            let refusal = JSONRPCError(
                code: JSONRPCError.methodNotFound,
                message: "this client does not offer \(method)"
            )
            return .reply(.error(id: id, refusal))
        }
        return .reply(.result(id: id, [:]))
    }
}
