"""Agents whose tools are those of MCP servers, which the router calls for them."""

import asyncio

import pytest
from agents import Agent, HostedMCPTool, OpenAIResponsesModel, Runner, RunItem

from tool_servers import MODEL, ToolBench, answer, call


@pytest.fixture
def bench():
    bench = ToolBench()
    yield bench
    bench.stop()


async def streamed(agent, text, **options):
    result = Runner.run_streamed(agent, text, **options)
    async for _ in result.stream_events():
        pass
    return result


async def whole(agent, text, **options):
    return await Runner.run(agent, text, **options)


def types(items: list[RunItem]) -> list[str]:
    return [item.type for item in items]


def outputs(result) -> list[str | None]:
    items = [item for response in result.raw_responses for item in response.output]
    return [item.output for item in items if item.type == "mcp_call"]


RUNS = pytest.mark.parametrize("run", [whole, streamed])
HISTORIES = pytest.mark.parametrize(
    "options",
    [{}, {"auto_previous_response_id": True}],
    ids=["full history", "previous response"],
)


def agent_of(bench, connect_async_to, tool: HostedMCPTool) -> Agent:
    return Agent("asker", model=OpenAIResponsesModel(MODEL, connect_async_to(bench.router)),
                 tools=[tool])  # fmt: skip


@RUNS
@HISTORIES
def test_a_tool_that_needs_no_leave(bench, connect_async_to, run, options):
    server = bench.server()
    bench.model(call("whoami"), answer("It is one."), answer("Still one."))

    async def program():
        agent = agent_of(bench, connect_async_to, HostedMCPTool(server.tool()))
        first = await run(agent, "Who is there?", **options)
        if options:
            return first, await run(
                agent, "And now?", previous_response_id=first.last_response_id
            )
        again = [*first.to_input_list(), {"role": "user", "content": "And now?"}]
        return first, await run(agent, again)

    first, second = asyncio.run(program())
    assert first.final_output == "It is one."
    assert outputs(first) == ["one"]
    assert len(first.raw_responses) == 1
    assert second.final_output == "Still one."
    # The list of tools is that of the first response.
    assert [item.type for item in second.raw_responses[0].output] == ["message"]


@RUNS
@HISTORIES
@pytest.mark.parametrize("is_approved", [True, False], ids=["approved", "denied"])
def test_a_tool_that_needs_leave(bench, connect_async_to, run, options, is_approved):
    server = bench.server()
    bench.model(call("whoami"), answer("So be it."))
    asked = []

    def decide(request):
        asked.append(request.data.name)
        return {"approve": is_approved, "reason": None if is_approved else "I would rather not."}

    async def program():
        tool = HostedMCPTool(server.tool(require_approval="always"), on_approval_request=decide)
        return await run(agent_of(bench, connect_async_to, tool), "Who is there?", **options)

    result = asyncio.run(program())
    assert asked == ["whoami"]
    assert result.final_output == "So be it."
    assert outputs(result) == (["one"] if is_approved else [])
    assert "mcp_approval_response_item" in types(result.new_items)
    assert len(result.raw_responses) == 2
