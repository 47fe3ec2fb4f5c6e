"""Calls that need the caller's leave, asked of one router and answered to the next."""

import pytest

from tool_servers import MODEL, ToolBench, answer, call
from transcript import Transcript, parse

INPUT = [{"role": "user", "content": "Who is there?"}]


@pytest.fixture
def bench(tmp_path):
    bench = ToolBench(options=("--store", str(tmp_path / "responses.sqlite")))
    yield bench
    bench.stop()


def ask(client, is_streamed: bool, **request) -> dict:
    if not is_streamed:
        return client.responses.create(model=MODEL, **request).to_dict()
    with client.responses.with_streaming_response.create(
        model=MODEL, stream=True, **request
    ) as response:
        return Transcript(parse(response.iter_lines())).response


@pytest.mark.parametrize("is_killed", [False, True], ids=["restarted", "killed"])
@pytest.mark.parametrize("has_history", [False, True], ids=["by id", "full history"])
@pytest.mark.parametrize("is_streamed", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("is_approved", [True, False], ids=["approved", "denied"])
def test_a_question_outlives_the_router(
    bench, connect, tell, is_approved, is_streamed, has_history, is_killed
):
    server = bench.server()
    tools = [server.tool(require_approval="always")]
    bench.model(call("whoami"))
    first = ask(connect(bench.router), is_streamed, input=INPUT, tools=tools)
    assert [item["type"] for item in first["output"]] == ["mcp_list_tools", "mcp_approval_request"]
    question = first["output"][-1]
    bench.restart_router(is_killed)
    bench.model(answer("So be it."))
    reply = {
        "type": "mcp_approval_response",
        "approval_request_id": question["id"],
        "approve": is_approved,
        "reason": None if is_approved else "I would rather not.",
    }
    request = {"previous_response_id": first["id"], "input": [reply]}
    if has_history:
        request = {"input": [*INPUT, *first["output"], reply]}
    second = ask(connect(bench.router), is_streamed, tools=tools, **request)
    types = [item["type"] for item in second["output"]]
    assert types == (["mcp_call", "message"] if is_approved else ["message"])
    if is_approved:
        made = second["output"][0]
        assert made["approval_request_id"] == question["id"]
        assert (made["status"], made["output"]) == ("completed", "one")
    tell(
        f"{'approved' if is_approved else 'denied':8} {'streamed' if is_streamed else 'plain':8} "
        f"{'full history' if has_history else 'by id':12} router "
        f"{'killed with -9' if is_killed else 'restarted':14}: {', '.join(types)}"
    )
