import Harmony
import HocketEngine
import HocketWire

extension ToolMessageRecord {
    /// The record as one line of JSON, without its end.
    var jsonText: [UInt8] {
        var line: [UInt8] = []
        JSONValue.object(json).write(into: &line)
        return line
    }

    private var json: JSONObject {
        var object: JSONObject = [
            "time": .string(UTCTime(nanoseconds: instant.realNanoseconds).timestamp),
            "mono_us": instant.monotonicMicroseconds,
            "server": .string(server),
            "direction": direction == .fromServer ? "from_server" : "to_server",
            "type": .string(RecordFilter.toolMessageType),
            "session": .count(session),
            "bytes": .count(messageBytes),
            "summary": .object(summary),
        ]
        if !text.isEmpty { object["text"] = .string(String(decoding: text, as: UTF8.self)) }
        return object
    }
}
