import Harmony
import HocketWire

extension FrameRecord {
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
            "worker": .string(worker),
            "direction": .string(direction.name),
            "type": .string(head.typeName),
            "stream": .count(head.stream),
            "bytes": .count(head.frameBytes),
            "summary": .object(summary),
        ]
        if !body.isEmpty { object["body"] = .string(hexadecimal(body)) }
        return object
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 0xF)])
    }
    return String(decoding: text, as: UTF8.self)
}
