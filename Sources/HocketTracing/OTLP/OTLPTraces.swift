import Harmony
import HocketEngine
import Tracing

/// Writes spans as an `ExportTraceServiceRequest` in OTLP's JSON: ids in hexadecimal digits,
/// numbers of 64 bits as strings, enumerations as numbers.
struct OTLPTraces: Sendable {
    /// The version of the software whose spans these are.
    let version: String

    /// The name that all spans go by.
    private static let service = "hocket"

    /// A request's body.
    func bytes(of spans: [SpanRecord]) -> [UInt8] {
        var bytes: [UInt8] = []
        request(of: spans).write(into: &bytes)
        return bytes
    }

    private func request(of spans: [SpanRecord]) -> JSONValue {
        let resource: SpanAttributes = [
            "service.name": .string(Self.service), "service.version": .string(version),
        ]
        let scope: JSONValue = ["name": .string(Self.service), "version": .string(version)]
        return [
            "resourceSpans": [
                [
                    "resource": ["attributes": .otlp(resource)],
                    "scopeSpans": [["scope": scope, "spans": .array(spans.map(JSONValue.otlp))]],
                ]
            ]
        ]
    }
}

extension JSONValue {
    fileprivate static func otlp(_ span: SpanRecord) -> JSONValue {
        var object = ids(span.trace)
        object["parentSpanId"] = span.parentID.map {
            .string(span.trace.child(spanID: $0).spanIDText)
        }
        object["name"] = .string(span.name)
        object["kind"] = .number(JSONNumber(span.kind.otlpNumber))
        object["startTimeUnixNano"] = .string("\(span.startedAt)")
        object["endTimeUnixNano"] = .string("\(span.endedAt)")
        object["attributes"] = otlp(span.attributes)
        if !span.events.isEmpty { object["events"] = .array(span.events.map(otlp)) }
        if span.droppedEvents > 0 {
            object["droppedEventsCount"] = .number(JSONNumber(span.droppedEvents))
        }
        if !span.links.isEmpty {
            object["links"] = .array(span.links.map { .object(ids($0.trace)) })
        }
        object["status"] = span.status.map(otlp)
        return .object(object)
    }

    /// The ids of a span, and what goes with them.
    private static func ids(_ trace: TraceContext) -> JSONObject {
        var object: JSONObject = [
            "traceId": .string(trace.traceIDText), "spanId": .string(trace.spanIDText),
        ]
        if !trace.state.text.isEmpty { object["traceState"] = .string(trace.state.text) }
        object["flags"] = .number(JSONNumber(trace.isSampled ? 1 : 0))
        return object
    }

    private static func otlp(_ event: SpanEvent) -> JSONValue {
        [
            "timeUnixNano": .string("\(event.nanosecondsSinceEpoch)"),
            "name": .string(event.name),
            "attributes": otlp(event.attributes),
        ]
    }

    private static func otlp(_ status: SpanStatus) -> JSONValue {
        var object: JSONObject = ["code": .number(JSONNumber(status.code.otlpNumber))]
        object["message"] = status.message.map(JSONValue.string)
        return .object(object)
    }
}

extension SpanKind {
    /// The number of `Span.SpanKind`.
    fileprivate var otlpNumber: Int {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}

extension SpanStatus.Code {
    /// The number of `Status.StatusCode`.
    fileprivate var otlpNumber: Int {
        switch self {
        case .ok: 1
        case .error: 2
        }
    }
}
