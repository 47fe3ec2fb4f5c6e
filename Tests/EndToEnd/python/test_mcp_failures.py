"""Tool servers that are slow, huge or dead, and clients that leave while a tool runs."""

import json
import subprocess
import time

import openai
import pytest

from processes import binary
from tool_servers import MODEL, PYTHON, SERVER, ToolBench, answer, call
from transcript import Transcript, parse

SECONDS_MAX = 10
LOCAL = {"requestURLs": {"networks": ["127.0.0.0/8"]}}


@pytest.fixture
def bench():
    bench = ToolBench(LOCAL | {"limits": {"callSeconds": 2, "listSeconds": 2}})
    yield bench
    bench.stop()


@pytest.fixture
def patient():
    """A bench with all limits as they are, and a program beside the servers over HTTP."""
    program = {"command": str(PYTHON), "args": [str(SERVER), "stdio"]}
    bench = ToolBench(LOCAL | {"mcpServers": {"program": program}})
    yield bench
    bench.stop()


def ask(client: openai.OpenAI, tools: list[dict]):
    return client.responses.with_streaming_response.create(
        model=MODEL, input="Do it.", tools=tools, stream=True
    )


def test_a_tool_that_hangs_fails_by_its_limit(bench, connect):
    server = bench.server()
    bench.model(call("slow", seconds=60), answer("It takes too long."))
    started = time.monotonic()
    with ask(connect(bench.router), [server.tool()]) as response:
        transcript = Transcript(parse(response.iter_lines()))
    assert time.monotonic() - started < SECONDS_MAX
    failed = transcript.response["output"][1]
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == -32001
    assert transcript.response["status"] == "completed"


@pytest.mark.parametrize("stage", ["before listing", "before the call", "during the call"])
def test_a_server_that_is_killed_costs_its_own_calls(bench, connect, stage):
    dying, other = bench.server("dying"), bench.server("other")
    bench.model(call("dying__die" if stage == "during the call" else "dying__whoami"),
                call("whoami" if stage == "before listing" else "other__whoami"),
                answer("One is left."))  # fmt: skip
    tools = [dying.tool(), other.tool()]
    if stage == "before listing":
        dying.process.kill()
    with ask(connect(bench.router), tools) as response:
        events = []
        for event in parse(response.iter_lines()):
            events.append(event)
            is_listed = event["type"] == "response.mcp_list_tools.completed"
            if stage == "before the call" and is_listed and event["output_index"] == 1:
                dying.process.kill()
    transcript = Transcript(events)
    items = transcript.response["output"]
    assert transcript.response["status"] == "completed"
    if stage == "before listing":
        assert items[0]["error"] and items[0]["tools"] == []
    else:
        assert items[2]["status"] == "failed" and items[2]["error"]["message"]
    called = [item for item in items if item["type"] == "mcp_call"]
    assert called[-1]["output"] == "other"
    assert items[-1]["type"] == "message"


@pytest.mark.parametrize("transport", ["http", "stdio"])
def test_fifty_megabytes_cost_the_router_little(patient, connect, tell, transport):
    program = {"type": "mcp", "server_label": "program", "require_approval": "never"}
    tool = patient.server().tool() if transport == "http" else program
    patient.model(call("huge", megabytes=50), answer("That was long."))
    router = patient.router.process
    router.forget_most_memory()
    before = router.memory_bytes
    with ask(connect(patient.router), [tool]) as response:
        transcript = Transcript(parse(response.iter_lines()))
    output = transcript.response["output"][1]["output"]
    assert output.startswith("first xxx") and output.endswith("xxx last")
    assert len(output) < 200_000
    most = router.most_memory_bytes
    tell(
        f"50 MB from a tool over {transport}: resident before {before >> 20} MiB, "
        f"at most {most >> 20} MiB"
    )
    assert most - before < 48 << 20


def test_a_client_that_leaves_cancels_the_tool(patient, connect, tmp_path):
    server = patient.server()
    mark = tmp_path / "mark"
    patient.model(call("slow", seconds=60, mark=str(mark)), answer("Never."))
    with ask(connect(patient.router), [server.tool()]) as response:
        for event in parse(response.iter_lines()):
            if event["type"] == "response.mcp_call_arguments.done":
                time.sleep(0.5)
                break
    patient.router.process.wait_until(mark.exists, "told that nobody waits", SECONDS_MAX)
    assert mark.read_text() == "cancelled"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/mcp",
        "https://127.0.0.1:9/mcp",
        "https://localhost:9/mcp",
        "https://[::1]:9/mcp",
        "https://10.0.0.1/mcp",
        "https://172.16.0.1/mcp",
        "https://192.168.0.1/mcp",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1]/mcp",
        "https://[fd00:ec2::254]/mcp",
        "https://[::ffff:127.0.0.1]/mcp",
        "https://0.0.0.0/mcp",
        "https://2130706433/mcp",
        "https://0x7f000001/mcp",
        "https://127.1/mcp",
        "http://8.8.8.8/mcp",
    ],
)
def test_addresses_that_are_not_public_are_refused(guarded, connect, tell, url):
    tool = {"type": "mcp", "server_label": "s", "server_url": url, "require_approval": "never"}
    with ask(connect(guarded.router), [tool]) as response:
        transcript = Transcript(parse(response.iter_lines()))
    listing = transcript.response["output"][0]
    tell(f"{url:42} {listing['error']}")
    assert listing["tools"] == []
    reasons = ("not allowed", "must begin with https:", "cannot be used", "no address")
    assert any(reason in listing["error"] for reason in reasons), listing["error"]


@pytest.fixture(scope="module")
def guarded():
    """A router whose operator allowed nothing."""
    bench = ToolBench({})
    bench.model(answer("There is nothing."))
    yield bench
    bench.stop()


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"mcpServers": {"a": {}}}, "mcpServers.a.command"),
        ({"mcpServers": {"a": {"url": "ftp://h"}}}, "mcpServers.a.url"),
        ({"mcpServers": {"a": {"url": "https://h", "header": {}}}}, "mcpServers.a.header"),
        (
            {"mcpServers": {"a": {"url": "https://h", "headers": {"K": {"env": "NOT_SET"}}}}},
            "mcpServers.a.headers.K.env",
        ),
        ({"requestURLs": {"networks": ["10.0.0.0/99"]}}, "requestURLs.networks"),
        ({"limits": {"callSeconds": 0}}, "limits.callSeconds"),
        ({"limit": {}}, "limit"),
    ],
)
def test_a_wrong_configuration_names_its_field(tmp_path, config, field):
    file = tmp_path / "mcp.json"
    file.write_text(json.dumps(config))
    result = subprocess.run(
        [binary(), "serve", "--mcp-config", file, "--http", "127.0.0.1:0"],
        capture_output=True, text=True, timeout=SECONDS_MAX,
    )  # fmt: skip
    assert result.returncode != 0
    assert f"--mcp-config: {field}: " in result.stderr
