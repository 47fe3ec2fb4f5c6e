import HocketEngine
import HocketWire

@testable import HocketCapture

/// Messages of every kind, as they cross when a tool is called.
let everyToolMessage: [CapturedToolMessage] = [
    captured(
        .toServer,
        .request,
        method: "tools/call",
        id: "4",
        tool: "echo",
        isCall: true,
        text: #"{"method":"tools/call"}"#
    ),
    captured(
        .fromServer,
        .notification,
        method: "notifications/progress",
        id: "4",
        tool: "echo",
        isCall: true
    ),
    captured(.fromServer, .request, method: "ping", id: "a b"),
    captured(.toServer, .result, id: "a b"),
    captured(.fromServer, .result, method: "tools/call", id: "4", tool: "echo", isCall: true),
    captured(.fromServer, .error, method: "tools/list", id: "5", errorCode: -32603),
]

private func captured(
    _ direction: ToolMessage.Direction,
    _ kind: ToolMessage.Kind,
    method: String? = nil,
    id: String? = nil,
    tool: String? = nil,
    isCall: Bool = false,
    errorCode: Int? = nil,
    text: String = ""
) -> CapturedToolMessage {
    let message = ToolMessage(
        direction: direction,
        server: "search",
        session: 3,
        kind: kind,
        method: method,
        id: id,
        tool: tool,
        requestID: isCall ? requestID : nil,
        errorCode: errorCode,
        text: Array(text.utf8)
    )
    return CapturedToolMessage(instant: .noon, message: message, messageBytes: 1234)
}
