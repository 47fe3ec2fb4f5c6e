import Harmony
import Tracing

extension JSONValue {
    /// The longest text of an attribute in bytes; what is behind it is left out.
    ///
    /// Names of models and tools are the longest that there are, and callers write them.
    private static let textBytesMax = 1024

    /// Attributes as a list of `KeyValue`, in the order of their names.
    static func otlp(_ attributes: SpanAttributes) -> JSONValue {
        var values: [(key: String, value: JSONValue)] = []
        attributes.forEach { key, value in values.append((key, otlp(value))) }
        return .array(
            values.sorted { $0.key < $1.key }.map { ["key": .string($0.key), "value": $0.value] }
        )
    }

    /// A value as `AnyValue`.
    private static func otlp(_ value: SpanAttribute) -> JSONValue {
        switch value {
        case .int32(let number): intValue(Int64(number))
        case .int64(let number): intValue(number)
        case .double(let number): doubleValue(number)
        case .bool(let value): boolValue(value)
        case .string(let text): stringValue(text)
        case .stringConvertible(let value): stringValue("\(value)")
        case .int32Array(let numbers): arrayValue(numbers.map { intValue(Int64($0)) })
        case .int64Array(let numbers): arrayValue(numbers.map(intValue))
        case .doubleArray(let numbers): arrayValue(numbers.map(doubleValue))
        case .boolArray(let values): arrayValue(values.map(boolValue))
        case .stringArray(let texts): arrayValue(texts.map(stringValue))
        case .stringConvertibleArray(let values): arrayValue(values.map { stringValue("\($0)") })
        default: stringValue("")
        }
    }

    private static func intValue(_ number: Int64) -> JSONValue {
        ["intValue": .string("\(number)")]
    }

    private static func boolValue(_ value: Bool) -> JSONValue { ["boolValue": .bool(value)] }

    private static func doubleValue(_ number: Double) -> JSONValue {
        guard let finite = JSONNumber(number) else {
            let name = number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity"
            return ["doubleValue": .string(name)]
        }
        return ["doubleValue": .number(finite)]
    }

    private static func stringValue(_ text: String) -> JSONValue {
        ["stringValue": .string(text.prefix(bytes: textBytesMax))]
    }

    private static func arrayValue(_ values: [JSONValue]) -> JSONValue {
        ["arrayValue": ["values": .array(values)]]
    }
}

extension String {
    /// As many whole characters from its beginning as have room.
    fileprivate func prefix(bytes bytesMax: Int) -> String {
        guard utf8.count > bytesMax else { return self }
        var end = utf8.index(startIndex, offsetBy: bytesMax)
        while String.Index(end, within: self) == nil { utf8.formIndex(before: &end) }
        return String(self[..<end])
    }
}
