"""Programs of pydantic-ai, by the Responses API and by Chat Completions."""

import asyncio

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput, ToolOutput
from pydantic_ai.messages import ThinkingPart
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

from processes import MODEL
from songs import ASK_BOTH, ASK_SONG, ASK_WEATHER, RESULT, Song


class Report(BaseModel):
    city: str
    degrees: int


@pytest.fixture(params=[OpenAIResponsesModel, OpenAIChatModel], ids=["responses", "chat"])
def model(request, connect_async):
    return lambda: request.param(MODEL, provider=OpenAIProvider(openai_client=connect_async()))


def guide(model, **options) -> Agent:
    agent = Agent(model, **options)

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """Tells the weather of a city."""
        return f"In {city}: {RESULT}"

    @agent.tool_plain
    def get_local_time(city: str) -> str:
        """Tells the time in a city."""
        return f"In {city}: noon"

    return agent


async def whole(agent, text, **options):
    result = await agent.run(text, **options)
    return result.output, result.all_messages()


async def streamed(agent, text, **options):
    async with agent.run_stream(text, **options) as result:
        return await result.get_output(), result.all_messages()


@pytest.mark.parametrize("run", [whole, streamed])
class TestAgent:
    def test_an_answer_and_its_thoughts(self, model, run):
        async def program():
            return await run(Agent(model()), "La?")

        output, messages = asyncio.run(program())
        assert "“La?”" in output
        thoughts = [p for p in messages[-1].parts if isinstance(p, ThinkingPart)]
        # What was not summarised is among the details.
        details = thoughts[0].provider_details or {}
        assert thoughts[0].content or details["raw_content"]
        assert messages[-1].usage.output_tokens > 0
        assert messages[-1].finish_reason == "stop"

    def test_a_tool_loop(self, model, run):
        async def program():
            return await run(guide(model()), ASK_BOTH)

        output, _ = asyncio.run(program())
        assert f"In Paris: {RESULT}" in output and "In Paris: noon" in output

    def test_native_output(self, model, run):
        async def program():
            return await run(Agent(model(), output_type=NativeOutput(Song)), ASK_SONG)

        song, _ = asyncio.run(program())
        assert (song.title, song.bars, song.voices[0].pitch) == ("The Sea", 16, "bass")

    def test_output_by_a_tool_after_other_tools(self, model, run):
        async def program():
            return await run(guide(model(), output_type=ToolOutput(Report)), ASK_WEATHER)

        report, messages = asyncio.run(program())
        assert report.city == "Paris"
        assert len(messages) >= 4

    def test_a_conversation_goes_on(self, model, run):
        async def program():
            _, history = await run(guide(model()), ASK_WEATHER)
            return await run(guide(model()), "Thank you.", message_history=history)

        output, _ = asyncio.run(program())
        assert "“Thank you.”" in output
