import Harmony
import HocketTesting
import OpenAIAPI

/// A client whose connection has become a WebSocket.
struct SocketClient: Sendable {
    let connection: RawConnection

    /// A handshake, as the standard has it (RFC 6455 §1.3).
    static func handshake(
        path: String = "/v1/responses",
        version: String = "13",
        key: String = "dGhlIHNhbXBsZSBub25jZQ==",
        headers: String = ""
    ) -> String {
        """
        GET \(path) HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: \(version)\r\n\(headers)\r\n
        """
    }

    /// A message that asks for a response.
    static func request(_ members: String = "") -> String {
        #"{"type":"response.create","model":"gpt-oss-20b","input":"Hello"\#(members)}"#
    }

    func send(_ text: String) async throws {
        try await send(.text(text))
    }

    func send(_ frame: SocketFrame) async throws {
        try await connection.send(frame.masked)
    }

    /// The next frame, whatever it is.
    func frame() async throws -> SocketFrame {
        try await connection.take { bytes, _ in try SocketFrame.parse(bytes) }
    }

    /// The next message; pings may come before it on a busy machine.
    func message() async throws -> JSONValue {
        var frame = try await frame()
        while frame.opcode == 9 { frame = try await self.frame() }
        guard frame.opcode == 1, frame.isLast else {
            throw WireResponse.Malformed(what: "\(frame) instead of a message")
        }
        return try JSONValue(parsing: frame.text)
    }

    /// The next message, which is an error.
    func error() async throws -> JSONValue {
        let message = try await message()
        guard message["type"] == "error", message["status"]?.integer != nil,
            let error = message["error"],
            error.object?.members.map(\.key) == ["message", "type", "param", "code"]
        else { throw WireResponse.Malformed(what: "\(message.compact) instead of an error") }
        return message
    }

    /// The messages up to the end of a response.
    func response(in dialect: ResponseDialect = .openAI) async throws -> EventTranscript {
        var text = ""
        while true {
            let message = try await message()
            let type = message["type"]?.string ?? ""
            text += "event: \(type)\ndata: \(message.compact)\n\n"
            if ["response.completed", "response.incomplete", "response.failed"].contains(type) {
                return try EventTranscript(text + "data: [DONE]\n\n", dialect: dialect)
            }
        }
    }

    /// Waits for the server to close the socket.
    ///
    /// - Returns: the code with which it does.
    func closing() async throws -> Int {
        let frame = try await frame()
        guard frame.opcode == 8, frame.payload.count == 2 else {
            throw WireResponse.Malformed(what: "\(frame) instead of a closing")
        }
        return Int(frame.payload[0]) << 8 | Int(frame.payload[1])
    }
}

extension LiveServer {
    /// Connects a client and makes a WebSocket of its connection.
    ///
    /// - Parameter first: sent together with the handshake, without waiting for its answer.
    func socket(
        path: String = "/v1/responses",
        headers: String = "",
        sending first: SocketFrame? = nil
    ) async throws -> SocketClient {
        let connection = try await connect()
        let handshake = SocketClient.handshake(path: path, headers: headers)
        try await connection.send(Array(handshake.utf8) + (first?.masked ?? []))
        let head = try await connection.bytes(through: "\r\n\r\n")
        guard head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n") else {
            throw WireResponse.Malformed(what: head)
        }
        return SocketClient(connection: connection)
    }
}
