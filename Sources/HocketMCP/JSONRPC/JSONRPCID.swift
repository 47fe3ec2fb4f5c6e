import Harmony

/// What joins an answer to its request (JSON-RPC 2.0 §4): an integer or a string.
enum JSONRPCID: Hashable, Sendable {
    /// All ids that this client gives out.
    case integer(Int)
    /// A server may use strings for its own requests.
    case string(String)

    /// Reads an id; nil for null, a fraction, or anything else that is none.
    init?(_ value: JSONValue?) {
        if let integer = value?.integer {
            self = .integer(integer)
        } else if let string = value?.string {
            self = .string(string)
        } else {
            return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .integer(let integer): .number(JSONNumber(integer))
        case .string(let string): .string(string)
        }
    }
}
