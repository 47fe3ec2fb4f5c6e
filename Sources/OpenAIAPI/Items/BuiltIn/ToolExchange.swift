public import Harmony

/// What passed between the model and a built-in tool beyond what the item of the call tells.
///
/// It is kept with the item, so that the model finds the call and its answer again in a response
/// that goes on from there. No caller is shown it.
public struct ToolExchange: Hashable, Sendable {
    /// The channel on which the model called.
    public var channel: Channel
    /// The arguments as the model wrote them; nil where the item tells them.
    public var arguments: String?
    /// What the model was told; nil if nothing.
    public var output: String?

    /// Creates an exchange.
    public init(channel: Channel, arguments: String? = nil, output: String? = nil) {
        self.channel = channel
        self.arguments = arguments
        self.output = output
    }
}

extension ToolExchange {
    /// The member of an item that holds it.
    private static let key: StaticString = "hocket_exchange"

    /// The exchange that was kept with an item, nil if there is none.
    init?(_ reader: ParameterReader) throws(APIError) {
        let read = try reader.optional("\(Self.key)") { value, path throws(APIError) in
            let reader = try ParameterReader(value, at: path)
            return ToolExchange(
                channel: Channel(rawValue: try reader.requiredString("channel")),
                arguments: try reader.string("arguments"),
                output: try reader.string("output")
            )
        }
        guard let read else { return nil }
        self = read
    }

    /// Writes the member of an item that holds it.
    func writeMember(to json: inout JSONWriter) {
        json.member(Self.key) { json in
            json.object { json in
                json.member("channel", channel.rawValue)
                if let arguments { json.member("arguments", arguments) }
                if let output { json.member("output", output) }
            }
        }
    }

    /// A response object as callers are shown it.
    ///
    /// - Parameter kept: The object as it was kept, as JSON.
    public static func removed(from kept: [UInt8]) -> [UInt8] {
        let key = "\(key)"
        guard kept.contains(key.utf8), var object = try? JSONValue(parsing: kept).object else {
            return kept
        }
        let items = (object["output"]?.array ?? []).map { item in
            guard var item = item.object else { return item }
            item[key] = nil
            return JSONValue.object(item)
        }
        object["output"] = .array(items)
        return Array(JSONValue.object(object).compact.utf8)
    }
}
