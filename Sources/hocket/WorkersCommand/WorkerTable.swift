import Harmony

/// A list of workers, aligned for a terminal.
struct WorkerTable {
    private static let head = [
        "NAME", "GEN", "ID", "STATE", "BREAKER", "STREAMS", "WAITING", "CACHE", "TOKENS/S",
        "WEIGHT", "UPTIME", "MODELS",
    ]

    private let rows: [[String]]

    /// Reads what the router answers to `GET /workers`.
    init(list: JSONValue) {
        rows = (list["data"]?.array ?? []).map(Self.row)
    }

    /// The table, a line for each worker and one for the names of the columns.
    var text: String {
        let lines = [Self.head] + rows
        let widths = Self.head.indices.map { column in
            lines.map { $0[column].count }.max() ?? 0
        }
        return lines.map { Self.line($0, widths) + "\n" }.joined()
    }

    private static func row(_ worker: JSONValue) -> [String] {
        let streams = worker["streams"]
        let load = worker["load"]
        return [
            shown(worker["name"]?.string),
            shown(worker["generation"]?.integer),
            shown(worker["id"]?.string),
            shown(worker["state"]?.string),
            shown(worker["breaker"]?.string),
            "\(shown(streams?["running"]?.integer))/\(shown(streams?["max"]?.integer))",
            shown(load?["waiting_streams"]?.integer),
            shown(load?["cache_used"]?.double.map { Int(($0 * 100).rounded()) }, "%"),
            shown(load?["tokens_per_second"]?.double.map { Int($0.rounded()) }),
            shown(worker["weight"]?.integer),
            shown(worker["attached_seconds"]?.integer.map(time)),
            models(of: worker),
        ]
    }

    /// A time in its two largest units.
    private static func time(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m\(seconds % 60)s"
        case ..<86_400: "\(seconds / 3600)h\(seconds / 60 % 60)m"
        default: "\(seconds / 86_400)d\(seconds / 3600 % 24)h"
        }
    }

    private static func models(of worker: JSONValue) -> String {
        let models = worker["models"]?.array ?? []
        return models.compactMap { $0["name"]?.string }.joined(separator: ",")
    }

    /// What the router does not know, because the worker has not said it, is a dash.
    private static func shown(
        _ value: (some CustomStringConvertible)?,
        _ unit: String = ""
    ) -> String {
        value.map { "\($0)\(unit)" } ?? "-"
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = zip(cells, widths).map { cell, width in
            cell + String(repeating: " ", count: width - cell.count)
        }
        let line = padded.joined(separator: "  ")
        return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
    }
}
