import Harmony

/// An item that a server carries out: a list of tools, a call of one, a question about a call, code
/// that is run, something that is looked up.
struct CarriedOutItem {
    /// The item as it was added.
    let item: JSONValue
    /// The last words of the types of its events; several deltas are one.
    var steps: [String] = []
    /// Its arguments, or its code, so far.
    var text = ""

    init?(_ item: JSONValue) {
        guard Self.courses[item["type"]?.string ?? ""] != nil else { return nil }
        self.item = item
    }

    var type: String { item["type"]?.string ?? "" }

    /// Whether its events are what they must be.
    var isWhole: Bool { Self.courses[type]?.contains(steps) ?? false }

    /// The name of its text, in its events and in itself; nil if it has none.
    var textKey: String? {
        switch type {
        case "mcp_call": "arguments"
        case "code_interpreter_call": "code"
        default: nil
        }
    }

    /// Whether it has been carried out, or was at least begun with.
    var isBegun: Bool { !["in_progress", "delta", "done"].contains(steps.last) }

    private static let courses: [String: [[String]]] = [
        "mcp_list_tools": [["in_progress", "completed"], ["in_progress", "failed"]],
        "mcp_approval_request": [[]],
        "mcp_call": [
            ["in_progress", "delta", "done", "completed"],
            ["in_progress", "delta", "done", "failed"],
            ["in_progress", "done", "failed"],
        ],
        "code_interpreter_call": [
            ["in_progress", "delta", "done", "interpreting", "completed"],
            ["in_progress", "delta", "done", "interpreting"],
            ["in_progress", "delta", "done"],
            ["in_progress", "done", "interpreting", "completed"],
            ["in_progress", "done", "interpreting"],
            ["in_progress", "done"],
        ],
        "web_search_call": [
            ["in_progress", "searching", "completed"],
            ["in_progress", "searching"],
            ["in_progress"],
        ],
    ]
}
