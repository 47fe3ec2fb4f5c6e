import Harmony
import HocketEngine

/// Shows a tap what goes over one conversation, whatever carries it.
///
/// While nobody watches, a message costs one question; its text is written only for those who do.
struct SessionTap: Sendable {
    /// Nobody ever watches.
    static let none = SessionTap(tap: nil, server: "", session: 0)

    let tap: (any ToolMessageTap)?
    /// What the server is called; never with a secret.
    let server: String
    /// The conversation's number.
    let session: UInt32

    /// Names come from servers too, and say what they say in this many bytes.
    private static let nameBytesMax = 128

    var isActive: Bool { tap?.isActive ?? false }

    /// A message went over the conversation.
    ///
    /// - Parameters:
    ///   - pending: the request that it is or answers, if that waits for its answer.
    ///   - secrets: to be masked in the text.
    func crossed(
        _ direction: ToolMessage.Direction,
        _ message: JSONRPCMessage,
        of pending: PendingRequest?,
        hiding secrets: KnownSecrets
    ) {
        guard let tap, tap.isActive else { return }
        let text = secrets.masked(String(decoding: message.bytes, as: UTF8.self))
        var crossed = ToolMessage(
            direction: direction,
            server: server,
            session: session,
            kind: message.kind,
            method: Self.name(message.method ?? pending?.method),
            id: Self.name(message.exchangeID?.text),
            tool: Self.name(pending?.tool),
            requestID: pending?.requestID,
            text: Array(text.utf8)
        )
        if case .error(_, let error) = message { crossed.errorCode = error.code }
        tap.toolMessageCrossed(crossed)
    }

    private static func name(_ text: String?) -> String? {
        text?.cut(toBytes: nameBytesMax)
    }
}

extension JSONRPCMessage {
    /// The id of the request that the message is, answers, or tells of; whose request it is,
    /// depends on the message's direction.
    fileprivate var exchangeID: JSONRPCID? {
        switch self {
        case .request(let id, _, _), .result(let id, _): id
        case .error(let id, _): id
        case .notification(_, let params):
            JSONRPCID(params?["progressToken"] ?? params?["requestId"])
        }
    }

    /// The id of the request of ours that the message is, answers, or tells of.
    func ownRequest(_ direction: ToolMessage.Direction) -> JSONRPCID? {
        switch (direction, self) {
        // The server numbers its own requests.
        case (.fromServer, .request), (.toServer, .result), (.toServer, .error): nil
        default: exchangeID
        }
    }

    fileprivate var method: String? {
        switch self {
        case .request(_, let method, _), .notification(let method, _): method
        case .result, .error: nil
        }
    }

    fileprivate var kind: ToolMessage.Kind {
        switch self {
        case .request: .request
        case .notification: .notification
        case .result: .result
        case .error: .error
        }
    }
}

extension JSONRPCID {
    fileprivate var text: String {
        switch self {
        case .integer(let integer): "\(integer)"
        case .string(let string): string
        }
    }
}
