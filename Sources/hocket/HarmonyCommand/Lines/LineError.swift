import Harmony

/// Why a line has no result.
struct LineError: Error {
    /// The kinds of errors, named as the reference's Python binding names them.
    enum Kind: String {
        /// The request is not what it should be.
        case value = "ValueError"
        /// The library refused it.
        case harmony = "HarmonyError"
        /// The library refused to render it, unless it was for a completion.
        case runtime = "RuntimeError"
    }

    let kind: Kind
    let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// What the answer says.
    var json: JSONValue {
        ["type": .string(kind.rawValue), "message": .string(message)]
    }

    /// Runs `body`, and reports what it throws as an error of this kind.
    static func reporting<Value>(
        as kind: Kind,
        prefix: String = "",
        _ body: () throws(HarmonyError) -> Value
    ) throws(LineError) -> Value {
        do {
            return try body()
        } catch {
            throw LineError(kind, prefix + error.message)
        }
    }
}
