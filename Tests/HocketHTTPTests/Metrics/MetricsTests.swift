import CoreMetrics
import Harmony
import HocketEngine
import HocketHTTP
import HocketTesting
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct MetricsTests {
    @Test func registryWritesWhatWasCounted() {
        let registry = PrometheusRegistry()
        let labels = [("route", "/a\"b\\c\n"), ("status", "200")]
        Counter(label: "b_total", dimensions: labels, factory: registry).increment(by: 2)
        Counter(label: "b_total", dimensions: labels, factory: registry).increment()
        Counter(label: "b_total", dimensions: [("route", "/")], factory: registry).increment()
        let meter = Meter(label: "a", factory: registry)
        meter.increment(by: 3)
        meter.decrement()
        Timer(label: "c_seconds", factory: registry).recordNanoseconds(1_500_000_000)
        Recorder(label: "d", factory: registry).record(4)
        #expect(
            registry.text() == """
                # TYPE a gauge
                a 2.0
                # TYPE b_total counter
                b_total{route="/"} 1
                b_total{route="/a\\"b\\\\c\\n",status="200"} 3
                # TYPE c_seconds histogram
                c_seconds_bucket{le="0.005"} 0
                c_seconds_bucket{le="0.01"} 0
                c_seconds_bucket{le="0.025"} 0
                c_seconds_bucket{le="0.05"} 0
                c_seconds_bucket{le="0.1"} 0
                c_seconds_bucket{le="0.25"} 0
                c_seconds_bucket{le="0.5"} 0
                c_seconds_bucket{le="1.0"} 0
                c_seconds_bucket{le="2.5"} 1
                c_seconds_bucket{le="5.0"} 1
                c_seconds_bucket{le="10.0"} 1
                c_seconds_bucket{le="30.0"} 1
                c_seconds_bucket{le="60.0"} 1
                c_seconds_bucket{le="300.0"} 1
                c_seconds_bucket{le="+Inf"} 1
                c_seconds_sum 1.5
                c_seconds_count 1
                # TYPE d summary
                d_sum 4.0
                d_count 1

                """
        )
    }

    @Test func requestsAreCountedByRouteAndStatus() async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        try await LiveServer.run(backend) { server in
            for _ in 0..<2 { _ = try await server.answer(to: Requests.response()) }
            _ = try await server.answer(to: Requests.get("/v1/models/unheard-of"))
            _ = try await server.answer(to: Requests.get("/no/such/path"))
            // An answer's permit is given back behind its last byte.
            var response = try await server.answer(to: Requests.get("/metrics"))
            while !response.body.contains("hocket_http_answers 0.0") {
                response = try await server.answer(to: Requests.get("/metrics"))
            }
            #expect(response["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = response.body.split(separator: "\n")
            for line in [
                #"hocket_http_requests_total{route="/v1/responses",status="200"} 2"#,
                #"hocket_http_requests_total{route="/v1/models/**",status="404"} 1"#,
                #"hocket_http_requests_total{route="NotFound",status="404"} 1"#,
                "hocket_http_answers 0.0",
                #"hocket_responses_total{status="completed"} 2"#,
            ] {
                #expect(lines.contains(Substring(line)), "\(line) in \(response.body)")
            }
        }
    }

    @Test func toolsThatAreNotServedAreCountedAndIgnored() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let tools = #"[{"type":"web_search"},{"type":"local_shell"},{"type":"web_search"}]"#
            let request = Requests.response(stream: false, members: #","tools":\#(tools)"#)
            let answer = try await server.answer(to: request)
            #expect(try answer.json["status"] == "completed")
            #expect(try answer.json["tools"]?.array?.count == 3)
            let text = try await server.answer(to: Requests.get("/metrics")).body
            #expect(text.contains(#"hocket_tools_ignored_total{type="web_search"} 1"#))
            #expect(text.contains(#"hocket_tools_ignored_total{type="local_shell"} 1"#))
        }
    }

    @Test func answersBesideTheirSchemaAreCounted() async throws {
        let backend = ScriptedBackend(GenerationScript("<|channel|>final<|message|>{}<|return|>"))
        try await LiveServer.run(backend) { server in
            let format = #"{"type":"json_schema","name":"n","schema":{"required":["a"]}}"#
            let request = Requests.response(members: #","text":{"format":\#(format)}"#)
            _ = try await server.answer(to: request)
            let text = try await server.answer(to: Requests.get("/metrics")).body
            #expect(text.contains("hocket_answers_beside_schema_total 1"))
        }
    }

    @Test func waitsAndFirstTokensAreCounted() async throws {
        let gate = Gate()
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        backend.holdRequests(behind: gate)
        try await LiveServer.run(backend) { server in
            let client = try await server.connect(sending: Requests.response())
            try await backend.recorded { $0.demands.count == 1 }
            gate.open()
            #expect(try await client.response().transcript.isDone)
            backend.refuseRequests(EngineError(code: .resourceExhausted, message: "full"))
            #expect(try await server.answer(to: Requests.response()).status == 429)
            let body = try await server.answer(to: Requests.get("/metrics")).body
            let lines = body.split(separator: "\n")
            for line in [
                "hocket_queue_wait_seconds_count 1",
                "hocket_time_to_first_token_seconds_count 1",
                #"hocket_requests_refused_total{reason="resourceExhausted"} 1"#,
                "hocket_queue_requests 0", "hocket_queue_tokens 0",
            ] {
                #expect(lines.contains(Substring(line)), "\(line) in \(body)")
            }
        }
    }

    @Test(arguments: [true, false])
    func bodyIsNotHeldWhileItsAnswerIsMade(isStreamed: Bool) async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 1)
        let backend = ScriptedBackend(script)
        try await LiveServer.run(backend) { server in
            let request = Requests.response(stream: isStreamed)
            let client = try await server.connect(sending: request)
            try await backend.recorded { $0.tokensDelivered > 0 }
            _ = try await server.metrics(with: "hocket_http_body_bytes 0.0")
            gate.open()
            #expect(try await client.response().status == 200)
        }
    }

    @Test func clientThatLeavesTheQueueIsNoRefusal() async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        backend.holdRequests(behind: Gate())
        try await LiveServer.run(backend) { server in
            let client = try await server.connect(sending: Requests.response())
            try await backend.recorded { $0.demands.count == 1 }
            try await client.close()
            let metrics = try await server.metrics(
                with: #"hocket_responses_total{status="cancelled"} 1"#
            )
            #expect(!metrics.contains("hocket_requests_refused_total"))
        }
    }

    @Test func whoWaitsInVainIsRefused() async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        backend.holdRequests(behind: Gate())
        try await LiveServer.run(backend) { server in
            let client = try await server.connect(sending: Requests.response())
            try await backend.recorded { $0.waits == 1 }
            backend.ejectWaiting(EngineError(code: .unavailable, message: "no worker had room"))
            #expect(try await client.response().status == 503)
            let metrics = try await server.metrics(
                with: #"hocket_requests_refused_total{reason="unavailable"} 1"#
            )
            #expect(metrics.contains("hocket_queue_wait_seconds_count 1"))
            #expect(!metrics.contains("hocket_responses_total"))
        }
    }

    @Test(arguments: [true, false])
    func streamThatWaitedIsCountedOnce(isServed: Bool) async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        let gate = Gate()
        backend.holdRequests(behind: gate)
        var limits = HTTPLimits()
        limits.headDelayMax = .zero
        try await LiveServer.run(backend, LiveServer.Options(limits: limits)) { server in
            let client = try await server.connect(sending: Requests.response())
            // Once before the stream's head, and from then on.
            try await backend.recorded { $0.waits == 2 }
            if isServed {
                gate.open()
            } else {
                backend.ejectWaiting(EngineError(code: .unavailable, message: "no room"))
            }
            #expect(try await client.response().body.hasSuffix("data: [DONE]\n\n"))
            let status = isServed ? "completed" : "failed"
            let metrics = try await server.metrics(
                with: #"hocket_responses_total{status="\#(status)"} 1"#
            )
            #expect(metrics.contains("hocket_queue_wait_seconds_count 1"))
            #expect(!metrics.contains("hocket_requests_refused_total"))
        }
    }

    @Test func whatIsUnusualIsCounted() async throws {
        let text = "<|channel|>analysis<|message|>Hm.<|end|><|channel|>final<|message|>Hi<|return|>"
        var limits = HTTPLimits()
        limits.targetBytesMax = 100
        limits.slowClientTimeout = .milliseconds(100)
        let backend = ScriptedBackend { request in
            GenerationScript(request.prompt.count > 1000 ? Answers.long(tokens: 6000) : text)
        }
        let options = LiveServer.Options(isUnix: true, limits: limits)
        try await LiveServer.run(backend, options) { server in
            _ = try await server.answer(to: Requests.response())
            _ = try await server.answer(to: Requests.get("/" + String(repeating: "x", count: 100)))
            let slow = try await server.connect()
            try await slow.stopReading()
            let long = String(repeating: " word", count: 1000)
            try await slow.send(
                Requests.post(#"{"model":"gpt-oss-20b","input":"\#(long)","stream":true}"#)
            )
            try await server.backend.recorded { $0.cancels == 1 && $0.ended == 2 }
            let body = try await server.answer(to: Requests.get("/metrics")).body
            let lines = body.split(separator: "\n")
            for line in [
                #"hocket_harmony_repairs_total{kind="missingStart"} 1"#,
                #"hocket_http_refusals_total{status="414"} 1"#,
                "hocket_http_slow_clients_total 1",
            ] {
                #expect(lines.contains(Substring(line)), "\(line) in \(body)")
            }
        }
    }

    @Test func roundsWithoutWhatWasDemandedAreCounted() async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        try await LiveServer.run(backend) { server in
            let tool = #"{"type":"function","name":"f"}"#
            let members = #","tools":[\#(tool)],"tool_choice":"required""#
            _ = try await server.answer(to: Requests.response(members: members))
            let body = try await server.answer(to: Requests.get("/metrics")).body
            let lines = body.split(separator: "\n")
            for line in [
                #"hocket_responses_total{status="failed"} 1"#,
                "hocket_rounds_unanswered_total 2",
            ] {
                #expect(lines.contains(Substring(line)), "\(line) in \(body)")
            }
        }
    }
}

extension LiveServer {
    /// The metrics, as soon as a line is among them.
    fileprivate func metrics(with line: String) async throws -> String {
        while true {
            let text = try await answer(to: Requests.get("/metrics")).body
            if text.contains(line + "\n") { return text }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
