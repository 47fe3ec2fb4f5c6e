"""Tools of servers that the router calls for the model: real servers, a scripted model."""

import json
from pathlib import Path

import openai
import pytest

from processes import Process, binary
from tool_servers import MODEL, PYTHON, SERVER, ToolBench, answer, call
from transcript import Transcript, parse, text_of


@pytest.fixture
def bench():
    bench = ToolBench()
    yield bench
    bench.stop()


def stream(client: openai.OpenAI, tools: list[dict], **members) -> Transcript:
    with client.responses.with_streaming_response.create(
        model=MODEL, input="Do it.", tools=tools, stream=True, **members
    ) as response:
        return Transcript(parse(response.iter_lines()))


def types(response: dict) -> list[str]:
    return [item["type"] for item in response["output"]]


def test_two_servers_and_three_rounds_end_in_a_message(bench, connect):
    one, two = bench.server("one"), bench.server("two")
    bench.model(call("one__whoami"), call("two__whoami"), answer("Both are there."))
    transcript = stream(connect(bench.router), [one.tool(), two.tool()])
    response = transcript.response
    assert response["status"] == "completed"
    assert types(response) == [
        "mcp_list_tools", "mcp_list_tools", "mcp_call", "mcp_call", "message",
    ]  # fmt: skip
    assert [item["output"] for item in response["output"][2:4]] == ["one", "two"]
    assert [item["name"] for item in response["output"][2:4]] == ["whoami", "whoami"]
    assert text_of(response["output"][-1]) == "Both are there."
    assert transcript.types.count("response.created") == 1
    assert transcript.types.count("response.mcp_call.completed") == 2


def test_a_plain_answer_holds_the_same_items(bench, connect):
    server = bench.server()
    bench.model(call("add", a=2, b=40), answer("42"))
    client = connect(bench.router)
    streamed = stream(client, [server.tool()]).response
    plain = client.responses.create(model=MODEL, input="Do it.", tools=[server.tool()])
    assert types(streamed) == [item.type for item in plain.output]
    assert json.loads(plain.output[1].output) == {"sum": 42}
    assert plain.output_text == "42"
    assert plain.usage.input_tokens == streamed["usage"]["input_tokens"]


def test_a_failing_tool_is_told_to_the_model(bench, connect):
    server = bench.server()
    bench.model(call("fail", why="no disk"), call("add", a="x"), answer("Sorry"))
    response = stream(connect(bench.router), [server.tool()]).response
    calls = response["output"][1:3]
    assert [item["status"] for item in calls] == ["failed", "failed"]
    assert all(item["error"]["type"] == "mcp_tool_execution_error" for item in calls)
    assert "no disk" in json.dumps(calls[0]["error"])
    assert response["status"] == "completed"


def test_a_client_function_ends_the_response_and_the_follow_up_goes_on(bench, connect):
    server = bench.server()
    bench.model(call("whoami"), call("mine"), answer("Thank you."))
    client = connect(bench.router)
    tools = [server.tool(), {"type": "function", "name": "mine", "parameters": {}}]
    first = client.responses.create(model=MODEL, input="Do it.", tools=tools)
    assert [item.type for item in first.output] == ["mcp_list_tools", "mcp_call", "function_call"]
    result = {
        "type": "function_call_output", "call_id": first.output[-1].call_id, "output": "here",
    }  # fmt: skip
    second = client.responses.create(
        model=MODEL, previous_response_id=first.id, input=[result], tools=tools
    )
    assert [item.type for item in second.output] == ["message"]


def test_the_whole_history_as_input_goes_on_as_well(bench, connect):
    server = bench.server()
    bench.model(call("whoami"), call("mine"), answer("Thank you."))
    client = connect(bench.router)
    tools = [server.tool(), {"type": "function", "name": "mine", "parameters": {}}]
    first = client.responses.create(model=MODEL, input="Do it.", tools=tools, store=False)
    history = [{"role": "user", "content": "Do it."}]
    history += [item.model_dump() for item in first.output]
    history.append(
        {"type": "function_call_output", "call_id": first.output[-1].call_id, "output": "here"}
    )
    second = client.responses.create(model=MODEL, input=history, tools=tools, store=False)
    assert [item.type for item in second.output] == ["message"]


def test_allowed_tools_and_their_limit_are_kept(bench, connect):
    server = bench.server()
    bench.model(call("add", a=1, b=2), answer("Enough."))
    response = stream(
        connect(bench.router), [server.tool(allowed_tools=["add"])], max_tool_calls=1
    ).response
    assert [tool["name"] for tool in response["output"][0]["tools"]] == ["add"]
    assert types(response) == ["mcp_list_tools", "mcp_call", "message"]


@pytest.mark.parametrize("is_streamed", [True, False])
def test_an_approval_is_asked_and_given(bench, connect, is_streamed):
    server = bench.server()
    bench.model(call("whoami"), answer("It is one."))
    client = connect(bench.router)
    tools = [server.tool(require_approval="always")]
    first = client.responses.create(model=MODEL, input="Do it.", tools=tools)
    assert [item.type for item in first.output] == ["mcp_list_tools", "mcp_approval_request"]
    approval = {
        "type": "mcp_approval_response",
        "approval_request_id": first.output[-1].id,
        "approve": True,
    }
    members = {"previous_response_id": first.id, "input": [approval], "tools": tools}
    if is_streamed:
        with client.responses.with_streaming_response.create(
            model=MODEL, stream=True, **members
        ) as response:
            output = Transcript(parse(response.iter_lines())).response["output"]
    else:
        output = client.responses.create(model=MODEL, **members).model_dump()["output"]
    assert [item["type"] for item in output] == ["mcp_call", "message"]
    assert output[0]["approval_request_id"] == first.output[-1].id
    assert output[0]["output"] == "one"


def test_servers_of_the_operator_are_found_by_label(connect, monkeypatch):
    monkeypatch.setenv("TOOL_SECRET", "sesame")
    program = {
        "command": str(PYTHON),
        "args": [str(SERVER), "stdio", "--name", "program"],
        "env": {"SECRET": {"env": "TOOL_SECRET"}},
    }
    bench = ToolBench({"mcpServers": {"files": program}})
    try:
        bench.model(call("environment"), answer("Done."))
        tool = {"type": "mcp", "server_label": "files", "require_approval": "never"}
        response = stream(connect(bench.router), [tool]).response
        assert "SECRET" in response["output"][1]["output"].split()
        assert "sesame" not in json.dumps(response)
        assert "sesame" not in bench.router.process.output
    finally:
        bench.stop()


def has_connections(socket: Path) -> bool:
    """Whether somebody is connected to a Unix socket: state 03 (proc_net_unix)."""
    sockets = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    return any(entry[5] == "03" and entry[-1] == str(socket) for entry in sockets)


@pytest.mark.parametrize("shows_content", [False, True])
def test_the_tap_shows_messages_of_tool_servers_among_frames(connect, tmp_path, shows_content):
    bench = ToolBench(options=("--inspect-content",) if shows_content else ())
    socket = bench.folder / "inspect.sock"
    tap = Process(binary(), "tap", "--json", "--socket", socket, log=tmp_path / "tap.log")
    try:
        tap.wait_until(lambda: has_connections(socket), "attached")
        server = bench.server()
        bench.model(call("echo", text="a word of content"), answer("Heard."))
        tap.wait_until(lambda: "HELLO" in tap.output, "told of the worker")
        tool = server.tool(headers={"X-Key": "a-secret-value"}, authorization="a-secret-token")
        stream(connect(bench.router), [tool])
        tap.wait_until(lambda: tap.output.count('"FINISH"') == 2, "told of both rounds")
    finally:
        tap.kill()
        bench.stop()
    lines = [json.loads(line) for line in tap.output.splitlines()]
    messages = [line for line in lines if line["type"] == "MCP"]
    about = [(line["direction"], line["summary"].get("method")) for line in messages]
    for method in ("tools/list", "tools/call"):
        assert ("to_server", method) in about and ("from_server", method) in about
    calls = [line for line in messages if line["summary"].get("tool") == "echo"]
    submits = [line for line in lines if line["type"] == "SUBMIT"]
    # The call belongs to the same request as both samplings, and lies between them.
    assert {line["summary"]["req"] for line in calls + submits} == {submits[0]["summary"]["req"]}
    assert lines.index(submits[0]) < lines.index(calls[0]) < lines.index(calls[-1])
    assert lines.index(calls[-1]) < lines.index(submits[1])
    assert "a-secret" not in tap.output
    assert any("a word of content" in line.get("text", "") for line in calls) == shows_content
