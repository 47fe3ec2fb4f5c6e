"""Agents of pydantic-ai whose tools are those of MCP servers, which the router calls for them."""

import asyncio

import pytest
from pydantic_ai import Agent, MCPServerTool
from pydantic_ai.capabilities import NativeTool
from pydantic_ai.messages import NativeToolCallPart, NativeToolReturnPart
from pydantic_ai.models.openai import OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

from tool_servers import MODEL, ToolBench, answer, call


@pytest.fixture
def bench():
    bench = ToolBench()
    yield bench
    bench.stop()


async def whole(agent, text, **options):
    return await agent.run(text, **options)


async def streamed(agent, text, **options):
    async with agent.run_stream(text, **options) as result:
        await result.get_output()
        return result


@pytest.mark.parametrize("run", [whole, streamed])
def test_a_servers_tool(bench, connect_async_to, run):
    server = bench.server()
    bench.model(call("add", a=2, b=40), answer("42"), answer("As I said, 42."))

    async def program():
        provider = OpenAIProvider(openai_client=connect_async_to(bench.router))
        tool = NativeTool(MCPServerTool(id=server.name, url=server.url, allowed_tools=["add"]))
        agent = Agent(OpenAIResponsesModel(MODEL, provider=provider), capabilities=[tool])
        first = await run(agent, "What is 2 + 40?")
        second = await run(agent, "Sure?", message_history=first.all_messages())
        return first.all_messages(), second.all_messages()

    first, second = asyncio.run(program())
    parts = first[-1].parts
    assert [type(part) for part in parts if isinstance(part, NativeToolCallPart)]
    returned = [part for part in parts if isinstance(part, NativeToolReturnPart)]
    assert "42" in str(returned[-1].content)
    assert first[-1].text == "42"
    assert second[-1].text == "As I said, 42."
