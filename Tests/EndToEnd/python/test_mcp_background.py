"""Tools of servers in responses that are made while nobody waits."""

import json
import time

import pytest

from tool_servers import MODEL, ToolBench, answer, call
from transcript import Transcript, check_response, parse

SECONDS_MAX = 30


@pytest.fixture
def bench():
    bench = ToolBench()
    yield bench
    bench.stop()


def ask(client, server, **more):
    return client.responses.create(
        model=MODEL, input="Do it.", tools=[server.tool()], background=True, **more
    )


def poll(client, id: str) -> dict:
    deadline = time.monotonic() + SECONDS_MAX
    while (response := client.responses.retrieve(id)).status in ("queued", "in_progress"):
        assert time.monotonic() < deadline, f"it is still {response.status}"
        time.sleep(0.02)
    return response.to_dict()


def replay(router, id: str) -> Transcript:
    status, body = router.get(f"/v1/responses/{id}?stream=true")
    assert status == 200, body
    return Transcript(parse(body.decode().split("\n")))


def test_tools_are_called_while_nobody_waits(bench, connect):
    server, client = bench.server(), connect(bench.router)
    bench.model(call("whoami"), call("add", a=2, b=40), answer("It is one, and 42."))
    queued = ask(client, server)
    assert queued.status == "queued"
    response = poll(client, queued.id)
    check_response(response)
    types = [item["type"] for item in response["output"]]
    assert types == ["mcp_list_tools", "mcp_call", "mcp_call", "message"]
    assert response["output"][1]["output"] == "one"
    assert json.loads(response["output"][2]["output"]) == {"sum": 42}


def test_a_stream_that_its_client_left_is_told_whole_later(bench, connect):
    server, client = bench.server(), connect(bench.router)
    bench.model(call("slow", seconds=1), answer("Done."))
    with ask(client, server, stream=True) as events:
        first = next(iter(events)).to_dict()
    Transcript([first], is_cut=True)
    id = first["response"]["id"]
    assert replay(bench.router, id).response == poll(client, id)
    assert poll(client, id)["output"][1]["output"] == "done"


def test_cancelling_a_response_cancels_the_tool_at_its_server(bench, connect, tmp_path):
    server, client = bench.server(), connect(bench.router)
    mark = tmp_path / "mark"
    bench.model(call("slow", seconds=60, mark=str(mark)), answer("Never."))
    with ask(client, server, stream=True) as events:
        seen = [next(events).to_dict()]
        # The call is made when the model has written it.
        while seen[-1]["type"] != "response.mcp_call_arguments.done":
            seen.append(next(events).to_dict())
        time.sleep(0.5)
        id = seen[0]["response"]["id"]
        cancelled = client.responses.cancel(id)
        Transcript([*seen, *(event.to_dict() for event in events)])
    assert cancelled.status == "cancelled"
    bench.router.process.wait_until(mark.exists, "told that nobody waits", SECONDS_MAX)
    bench.router.process.wait_until(mark.read_text, "told so in words", SECONDS_MAX)
    assert mark.read_text() == "cancelled"
    transcript = replay(bench.router, id)
    assert transcript.types[-1] == "response.failed"
    assert transcript.response == cancelled.to_dict()
    called = transcript.response["output"][-1]
    assert (called["type"], called["status"]) == ("mcp_call", "incomplete")
