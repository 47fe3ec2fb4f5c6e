import Foundation
import Harmony
import HocketEngine
import Testing
import Tracing

@testable import HocketTracing

/// Spans as a collector reads them.
struct OTLPTracesTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/traces.json")

    private var spans: [SpanRecord] {
        get throws {
            let state = try #require(TraceState(fields: ["vendor=1"]))
            let trace = TraceContext(
                traceID: 0x4BF9_2F35_77B3_4DA6_A3CE_929D_0E0E_4736,
                spanID: 0x00F0_67AA_0BA9_02B7,
                isSampled: true,
                state: state
            )
            var server = SpanRecord(
                trace,
                parentID: nil,
                name: "POST /v1/responses",
                kind: .server,
                startedAt: 1_795_348_801_402_001_000
            )
            server.attributes = [
                "http.route": "/v1/responses", "http.response.status_code": 200,
                "all.of": .stringArray(["a\"b", "ü🙂"]), "a.share": 0.5, "is.so": true,
                "numbers": .int64Array([1, -2]), "not.a.number": .double(.nan),
            ]
            server.end(at: 1_795_348_801_402_001_500)
            var sampling = SpanRecord(
                trace.child(spanID: 1),
                parentID: trace.spanID,
                name: "chat gpt-oss-20b",
                kind: .client,
                startedAt: 1_795_348_801_402_001_100
            )
            sampling.add(
                SpanEvent(
                    name: "placed",
                    at: DefaultTracerClock.Timestamp(
                        nanosecondsSinceEpoch: 1_795_348_801_402_001_200
                    ),
                    attributes: ["hocket.worker.name": "w0"]
                )
            )
            let other = TraceContext(traceID: 7, spanID: 8)
            sampling.add(SpanLink(context: .within(other), attributes: [:]))
            sampling.status = SpanStatus(code: .error, message: "unavailable")
            sampling.end(at: 1_795_348_801_402_001_400)
            return [server, sampling]
        }
    }

    @Test func requestIsAsKept() throws {
        let bytes = OTLPTraces(version: "0.1.0").bytes(of: try spans)
        if ProcessInfo.processInfo.environment["HOCKET_UPDATE_GOLDEN"] != nil {
            try Data(bytes + [UInt8(ascii: "\n")]).write(to: Self.file)
        }
        let kept = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(String(decoding: bytes, as: UTF8.self) + "\n" == kept)
    }

    @Test(arguments: ["x", "ü", "🙂"])
    func longTextIsCutBetweenCharacters(character: String) throws {
        var span = try spans[0]
        span.attributes = ["text": .string(String(repeating: character, count: 2000))]
        let bytes = OTLPTraces(version: "0").bytes(of: [span])
        let request = try JSONValue(parsing: bytes)
        let written = request["resourceSpans"]?.array?[0]["scopeSpans"]?.array?[0]["spans"]?
            .array?[0]
        let text = written?["attributes"]?.array?[0]["value"]?["stringValue"]?.string
        let whole = 1024 / character.utf8.count
        #expect(text == String(repeating: character, count: whole))
    }
}
