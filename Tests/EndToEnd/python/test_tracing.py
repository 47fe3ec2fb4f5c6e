"""What a collector of spans is told, and that nobody waits for it."""

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector import Collector, attributes, traceparent
from processes import Router, free_port
from tool_servers import MODEL, ToolBench, ToolServer, answer, call

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
SECRET = "PRIVATE"


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.stop()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


def post(router: Router, body: dict, **headers: str) -> str:
    request = urllib.request.Request(
        f"{router.url}/responses",
        json.dumps(body).encode(),
        {"content-type": "application/json"} | headers,
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read().decode()


def named(spans: list[Span], name: str) -> list[Span]:
    return sorted(
        (span for span in spans if span.name == name), key=lambda span: span.start_time_unix_nano
    )


def within(output: str) -> list[list[str]]:
    """What a worker was told of the spans that asked it."""
    return [line.split()[1:] for line in output.splitlines() if line.startswith("within ")]


def test_a_request_its_samplings_and_its_calls_are_one_trace(collector, folder):
    server = ToolServer(folder)
    config = {"mcpServers": {"one": {"url": server.url}}}
    bench = ToolBench(config, ("--otlp-endpoint", collector.url))
    worker = bench.model(call("add", a=2, b=40), answer(SECRET))
    tool = {"type": "mcp", "server_label": "one", "require_approval": "never"}
    body = {"model": MODEL, "input": SECRET, "stream": True, "tools": [tool]}
    text = post(
        bench.router,
        body,
        traceparent=f"00-{TRACE}-{CALLER}-01",
        tracestate="vendor=1",
        authorization=f"Bearer {SECRET}",
    )
    assert "response.completed" in text
    told = within(worker.output)
    # What is left is exported when the router ends.
    bench.stop()
    server.process.kill()

    spans = [span for span in collector.spans if span.trace_id.hex() == TRACE]
    assert len(spans) == 5
    assert all(span.trace_state == "vendor=1" for span in spans)
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in spans)
    [request] = named(spans, "POST /v1/responses")
    assert request.kind == Span.SPAN_KIND_SERVER
    assert request.parent_span_id.hex() == CALLER
    assert attributes(request)["http.response.status_code"] == 200
    assert attributes(request)["http.route"] == "/v1/responses"
    others = [span for span in spans if span is not request]
    assert all(span.parent_span_id == request.span_id for span in others)
    assert all(span.kind == Span.SPAN_KIND_CLIENT for span in others)

    samplings = named(spans, f"chat {MODEL}")
    assert told == [[traceparent(span), "vendor=1"] for span in samplings]
    assert [attributes(span)["gen_ai.response.finish_reasons"] for span in samplings] == [
        ["tool_calls"], ["stop"],
    ]  # fmt: skip
    for span in samplings:
        assert [event.name for event in span.events] == ["placed", "first_token"]
        assert attributes(span)["gen_ai.request.model"] == MODEL
        assert attributes(span)["hocket.worker.name"] == MODEL
        assert attributes(span)["gen_ai.usage.input_tokens"] > 0
        assert attributes(span)["gen_ai.usage.output_tokens"] > 0
        assert attributes(span)["gen_ai.response.id"] in text

    [listing], [tool_call] = named(spans, "tools/list"), named(spans, "tools/call add")
    assert attributes(listing)["hocket.tool.server"] == "one"
    assert attributes(tool_call)["hocket.tool.outcome"] == "answered"
    assert attributes(tool_call)["hocket.tool.result_bytes"] > 0

    resources = [resource.resource for one in collector.requests for resource in one.resource_spans]
    assert all(attributes(resource)["service.name"] == "hocket" for resource in resources)
    assert not any(SECRET.encode() in body for body in collector.bodies)


def test_a_message_of_a_websocket_is_a_span_below_the_handshakes(collector, folder):
    router = Router(folder, "--otlp-endpoint", collector.url)
    try:
        router.simulated_worker(MODEL, "--tokens-per-second", "2000")
        client = openai.OpenAI(base_url=router.url, api_key="none")
        caller = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
        with client.responses.connect(extra_headers=caller) as connection:
            connection.send({"type": "response.create", "model": MODEL, "input": SECRET})
            while json.loads(connection.recv_bytes())["type"] != "response.completed":
                pass
            connection.send({"type": "response.steer"})
            assert json.loads(connection.recv_bytes())["status"] == 400
    finally:
        router.stop()
    spans = [span for span in collector.spans if span.trace_id.hex() == TRACE]
    assert len(spans) == 4
    [handshake], [sampling] = named(spans, "GET /v1/responses"), named(spans, f"chat {MODEL}")
    answered, refused = named(spans, "response.create")
    assert handshake.parent_span_id.hex() == CALLER
    assert answered.parent_span_id == refused.parent_span_id == handshake.span_id
    assert sampling.parent_span_id == answered.span_id
    response = attributes(sampling)["gen_ai.response.id"]
    assert attributes(answered)["gen_ai.response.id"] == response
    assert "gen_ai.response.id" not in attributes(refused)
    assert not any(SECRET.encode() in body for body in collector.bodies)


def test_the_common_variable_names_the_collector_too(collector, folder, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    router = Router(folder)
    try:
        router.get("/v1/models")
        collector.wait_until(lambda spans: len(named(spans, "GET /v1/models")) == 1)
    finally:
        router.stop()


def test_a_share_of_none_records_what_callers_record_and_nothing_else(collector, folder):
    router = Router(folder, "--otlp-endpoint", collector.url, "--trace-ratio", "0")
    try:
        router.simulated_worker(MODEL, "--tokens-per-second", "2000")
        body = {"model": MODEL, "input": "Hello"}
        post(router, body)
        post(router, body, traceparent=f"00-{TRACE}-{CALLER}-00")
        post(router, body, traceparent=f"00-{TRACE}-{CALLER}-01")
    finally:
        router.stop()
    assert sorted(span.name for span in collector.spans) == [
        "POST /v1/responses", f"chat {MODEL}",
    ]  # fmt: skip


def count(router: Router, series: str) -> float:
    lines = router.get("/metrics")[1].decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(series))


def test_a_collector_that_is_not_there_costs_spans_and_nothing_else(folder):
    router = Router(folder, "--otlp-endpoint", f"http://127.0.0.1:{free_port()}")
    try:
        router.simulated_worker(MODEL, "--tokens-per-second", "2000")
        for _ in range(20):
            assert '"completed"' in post(router, {"model": MODEL, "input": "Hello"})
        router.process.wait_until(
            lambda: count(router, "hocket_spans_export_failures_total") >= 2, "trying again"
        )
        assert '"completed"' in post(router, {"model": MODEL, "input": "Hello"})
        assert count(router, "hocket_spans_exported_total") == 0
    finally:
        router.stop()
    assert "spans cannot be exported" in router.process.output
    assert "spans were dropped" in router.process.output


def test_without_a_collector_traces_still_reach_workers(folder):
    bench = ToolBench()
    worker = bench.model(answer("Hello"))
    body = {"model": MODEL, "input": "Hello"}
    post(bench.router, body, traceparent=f"00-{TRACE}-{CALLER}-01", tracestate="vendor=1")
    assert count(bench.router, "hocket_spans") == 0
    [[parent, state]] = within(worker.output)
    bench.stop()
    version, trace, span, flags = parent.split("-")
    assert (version, trace, flags, state) == ("00", TRACE, "01", "vendor=1")
    assert span != CALLER
