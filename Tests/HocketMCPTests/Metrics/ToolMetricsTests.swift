import HocketEngine
import Testing

@testable import HocketMCP

@Suite(.serialized) struct ToolMetricsTests {
    @Test func countsCallsByServerToolAndOutcome() async throws {
        let metrics = RecordingMetrics()
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            try await MCPToolCaller.with(metrics: metrics) { caller in
                for _ in 0..<2 { _ = try await caller.call("t", at: .local(port, "/batch")) }
                _ = await caller.failure(at: .local(port, "/status-500"))
                _ = await caller.failure(at: ToolServer(location: .configured(label: "nobody's")))
                _ = try await caller.tools(of: .local(port, "/pages"))
            }
        }
        let calls = "hocket_tool_calls_total{server=request_url,tool=t,"
        #expect(metrics[calls + "outcome=answered}"] == 2)
        #expect(metrics[calls + "outcome=httpStatus}"] == 1)
        let unknown = "hocket_tool_calls_total{server=unknown,tool=t,outcome=unknownServer}"
        #expect(metrics[unknown] == 1)
        #expect(metrics["hocket_tool_call_seconds{server=request_url,tool=t}"] ?? 0 > 0)
        let listed = "hocket_tool_listings_total{server=request_url,outcome=answered}"
        #expect(metrics[listed] == 1)
        #expect(metrics["hocket_tool_sessions{}"] == 3)
        #expect(!metrics.series.contains { $0.contains("nobody") || $0.contains("127.0.0.1") })
    }

    @Test func countsWhatIsLeftOutOfHugeAnswers() async throws {
        let metrics = RecordingMetrics()
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            try await MCPToolCaller.with(metrics: metrics) { caller in
                let result = try await caller.call("t", at: .local(port, "/huge-json"))
                let sent = Double(800 * 65536 + "first ".count + " last".count)
                let leftOut = metrics["hocket_tool_left_out_bytes_total{server=request_url}"] ?? 0
                // Markers take the place of what is left out, and are counted as shown.
                let shown = sent - leftOut
                #expect(abs(shown - Double(result.text.utf8.count)) < 200)
            }
        }
    }

    @Test func countsProgramsThatEndBySurprise() async throws {
        let metrics = RecordingMetrics()
        let command = StdioCommand(
            executable: "/usr/bin/python3",
            arguments: [try PythonServer.script("rude_program.py"), "exit-at-once"]
        )
        let program = MCPServer(label: "program", connection: .stdio(command))
        try await MCPToolCaller.with(servers: [program], metrics: metrics) { caller in
            _ = await caller.failure(at: ToolServer(location: .configured(label: "program")))
        }
        #expect(metrics["hocket_tool_programs_lost_total{server=program}"] ?? 0 >= 1)
    }

    @Test func makesNoSeriesWithoutEnd() {
        let metrics = RecordingMetrics()
        let server = ToolMetrics(factory: metrics, labels: ["own"])
            .server(ToolServer(location: .configured(label: "own")))
        for number in 0..<1000 {
            server.called("tool-\(number)", .answered, after: .zero)
        }
        let calls = metrics.series.filter { $0.hasPrefix("hocket_tool_calls_total") }
        #expect(calls.count == ToolMetrics.toolsMax + 1)
        let other = "hocket_tool_calls_total{server=own,tool=other,outcome=answered}"
        #expect(metrics[other] == Double(1000 - ToolMetrics.toolsMax))
    }
}
