import Harmony

extension JSONValue {
    /// A list of token ids.
    init(_ tokens: [TokenID]) {
        self = .array(tokens.map { .number(JSONNumber($0)) })
    }
}
