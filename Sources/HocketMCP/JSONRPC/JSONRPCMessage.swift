import Harmony
import HocketEngine

/// One message of JSON-RPC 2.0, in either direction.
enum JSONRPCMessage: Hashable, Sendable {
    /// Wants an answer.
    case request(id: JSONRPCID, method: String, params: JSONValue?)
    /// Wants none.
    case notification(method: String, params: JSONValue?)
    /// The answer to a request that was carried out.
    case result(id: JSONRPCID, JSONValue)
    /// The answer to a request that was not; without an id if the request could not be read.
    case error(id: JSONRPCID?, JSONRPCError)
}

extension JSONRPCMessage {
    /// Reads what one HTTP body, one event or one line holds.
    ///
    /// That is one message, or a batch of them, which the revision 2025-03-26 obliges to read
    /// and later ones have dropped.
    ///
    /// - Throws: ``ToolError`` `invalidAnswer` when the text is not JSON, or an element of it no
    ///   message.
    static func messages(in utf8: [UInt8]) throws(ToolError) -> [JSONRPCMessage] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: utf8)
        } catch {
            throw ToolError(
                code: .invalidAnswer,
                message: "the server sent \(utf8.count) bytes that are not JSON",
                cause: error.description
            )
        }
        var messages: [JSONRPCMessage] = []
        for element in value.array ?? [value] {
            messages.append(try JSONRPCMessage(element))
        }
        return messages
    }

    private init(_ value: JSONValue) throws(ToolError) {
        guard value["jsonrpc"]?.string == "2.0" else {
            throw Self.noMessage("a value without \"jsonrpc\": \"2.0\"")
        }
        let id = JSONRPCID(value["id"])
        if let method = value["method"]?.string {
            self = Self.call(method, id: id, params: value["params"])
        } else if let error = value["error"].flatMap(JSONRPCError.init) {
            self = .error(id: id, error)
        } else if let id, let result = value["result"] {
            self = .result(id: id, result)
        } else {
            throw Self.noMessage("neither request, notification nor answer")
        }
    }

    private static func call(_ method: String, id: JSONRPCID?, params: JSONValue?) -> Self {
        guard let id else { return .notification(method: method, params: params) }
        return .request(id: id, method: method, params: params)
    }

    private static func noMessage(_ what: String) -> ToolError {
        ToolError(code: .invalidAnswer, message: "the server sent JSON that is no message: \(what)")
    }
}

extension JSONRPCMessage {
    /// The message as one line of JSON without its end.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        JSONValue.object(object).write(into: &bytes)
        return bytes
    }

    private var object: JSONObject {
        var object: JSONObject = ["jsonrpc": "2.0"]
        switch self {
        case .request(let id, let method, let params):
            object["id"] = id.json
            object["method"] = .string(method)
            object["params"] = params
        case .notification(let method, let params):
            object["method"] = .string(method)
            object["params"] = params
        case .result(let id, let result):
            object["id"] = id.json
            object["result"] = result
        case .error(let id, let error):
            object["id"] = id?.json ?? .null
            object["error"] = error.json
        }
        return object
    }
}
