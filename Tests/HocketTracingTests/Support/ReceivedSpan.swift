import Harmony

/// A span as a collector reads it.
struct ReceivedSpan: Sendable {
    let json: JSONValue

    /// The spans of a request.
    static func all(in body: [UInt8]) throws -> [ReceivedSpan] {
        let request = try JSONValue(parsing: body)
        let resources = request["resourceSpans"]?.array ?? []
        return resources.flatMap { $0["scopeSpans"]?.array ?? [] }
            .flatMap { $0["spans"]?.array ?? [] }
            .map(ReceivedSpan.init)
    }

    var name: String { json["name"]?.string ?? "" }
    var traceID: String { json["traceId"]?.string ?? "" }
    var id: String { json["spanId"]?.string ?? "" }
    var parentID: String? { json["parentSpanId"]?.string }
    var state: String? { json["traceState"]?.string }
    var kind: Int? { json["kind"]?.integer }
    var status: Int? { json["status"]?["code"]?.integer }
    var start: Int { json["startTimeUnixNano"]?.string.flatMap { Int($0) } ?? 0 }
    var end: Int { json["endTimeUnixNano"]?.string.flatMap { Int($0) } ?? 0 }
    var events: [String] { json["events"]?.array?.compactMap { $0["name"]?.string } ?? [] }

    /// A text or a whole number that is told of it, or a list of texts with commas in between.
    subscript(_ key: String) -> String? {
        let attribute = json["attributes"]?.array?.first { $0["key"]?.string == key }
        guard let value = attribute?["value"] else { return nil }
        if let values = value["arrayValue"]?["values"]?.array {
            return values.compactMap { $0["stringValue"]?.string }.joined(separator: ",")
        }
        return value["stringValue"]?.string ?? value["intValue"]?.string
            ?? value["doubleValue"]?.double.map { "\($0)" }
    }

    /// `traceparent` as somebody is told who is called within the span.
    var traceParent: String { "00-\(traceID)-\(id)-01" }
}
