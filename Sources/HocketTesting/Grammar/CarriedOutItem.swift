import Harmony

/// An item that a server carries out: a list of tools, a call of one, a question about a call.
struct CarriedOutItem {
    /// The item as it was added.
    let item: JSONValue
    /// The last words of the types of its events; several deltas are one.
    var steps: [String] = []
    /// Its arguments so far.
    var text = ""

    init?(_ item: JSONValue) {
        guard Self.courses[item["type"]?.string ?? ""] != nil else { return nil }
        self.item = item
    }

    var type: String { item["type"]?.string ?? "" }

    /// Whether its events are what they must be.
    var isWhole: Bool { Self.courses[type]?.contains(steps) ?? false }

    private static let courses: [String: [[String]]] = [
        "mcp_list_tools": [["in_progress", "completed"], ["in_progress", "failed"]],
        "mcp_approval_request": [[]],
        "mcp_call": [
            ["in_progress", "delta", "done", "completed"],
            ["in_progress", "delta", "done", "failed"],
            ["in_progress", "done", "failed"],
        ],
    ]
}
