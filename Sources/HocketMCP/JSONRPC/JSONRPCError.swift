import Harmony

/// The error object of an answer (JSON-RPC 2.0 §5.1).
struct JSONRPCError: Hashable, Sendable {
    /// The request's method is unknown.
    static let methodNotFound = -32601

    /// What kind of error it is.
    var code: Int
    /// What happened, in the other side's words.
    var message: String
    /// Anything more.
    var data: JSONValue?

    init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// Reads an error object; nil if it has no integer code.
    init?(_ value: JSONValue) {
        guard let code = value["code"]?.integer else { return nil }
        self.init(code: code, message: value["message"]?.string ?? "", data: value["data"])
    }

    var json: JSONValue {
        var object: JSONObject = ["code": .number(JSONNumber(code)), "message": .string(message)]
        object["data"] = data
        return .object(object)
    }
}
