"""Tools of one name, of two servers and of the client: the model calls each, and items name it."""

import json

import pytest

from tool_servers import MODEL, ToolBench, answer, call
from transcript import Transcript, parse


@pytest.fixture
def bench():
    bench = ToolBench()
    yield bench
    bench.stop()


SEARCH = {
    "type": "function",
    "name": "search",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}},
}


def test_two_servers_and_the_client_may_all_have_a_search(bench, connect):
    one, two = bench.server("one"), bench.server("two")
    bench.model(
        call("one__search", query="a"),
        call("two__search", query="b"),
        call("search", query="c"),
        answer("All three."),
    )
    client = connect(bench.router)
    tools = [one.tool(allowed_tools=["search"]), SEARCH, two.tool(allowed_tools=["search"])]
    with client.responses.with_streaming_response.create(
        model=MODEL, input="Search.", tools=tools, stream=True
    ) as response:
        first = Transcript(parse(response.iter_lines())).response
    *_, a, b, c = first["output"]
    assert [item["type"] for item in (a, b, c)] == ["mcp_call", "mcp_call", "function_call"]
    assert [item["name"] for item in (a, b, c)] == ["search"] * 3
    assert [item["server_label"] for item in (a, b)] == ["one", "two"]
    assert [item["output"] for item in (a, b)] == ["one found a", "two found b"]
    assert json.loads(c["arguments"]) == {"query": "c"}
    result = {"type": "function_call_output", "call_id": c["call_id"], "output": "I found c"}
    second = client.responses.create(
        model=MODEL, previous_response_id=first["id"], input=[result], tools=tools
    )
    assert second.output_text == "All three."
