"""Programs of the openai-agents SDK: tools, hand-offs, streams, structured output, both APIs."""

import asyncio

import pytest
from agents import (
    Agent,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
)

from processes import MODEL
from songs import ASK_BOTH, ASK_SONG, ASK_WEATHER, RESULT, Song


@function_tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"In {city}: {RESULT}"


@function_tool
async def get_local_time(city: str) -> str:
    """Tells the time in a city."""
    return f"In {city}: noon"


@pytest.fixture(params=[OpenAIResponsesModel, OpenAIChatCompletionsModel])
def model(request, connect_async):
    return lambda: request.param(MODEL, connect_async())


async def streamed(agent, text, **options):
    result = Runner.run_streamed(agent, text, **options)
    types = [event.type async for event in result.stream_events()]
    assert "raw_response_event" in types
    return result


async def whole(agent, text, **options):
    return await Runner.run(agent, text, **options)


@pytest.mark.parametrize("run", [whole, streamed])
class TestAgents:
    def test_an_answer(self, model, run):
        async def program():
            return await run(Agent("singer", instructions="Sing.", model=model()), "La?")

        assert "“La?”" in asyncio.run(program()).final_output

    def test_a_tool_loop(self, model, run):
        async def program():
            settings = ModelSettings(include_usage=True)
            tools = [get_weather, get_local_time]
            agent = Agent("guide", model=model(), tools=tools, model_settings=settings)
            return await run(agent, ASK_BOTH)

        result = asyncio.run(program())
        assert f"In Paris: {RESULT}" in result.final_output
        assert "In Paris: noon" in result.final_output
        # The SDK asks for exact arguments, under which a turn has one call.
        assert len(result.raw_responses) == 3
        assert result.raw_responses[0].usage.input_tokens > 0

    def test_a_required_tool(self, model, run):
        async def program():
            settings = ModelSettings(tool_choice="required", parallel_tool_calls=False)
            agent = Agent("guide", model=model(), tools=[get_weather], model_settings=settings)
            return await run(agent, ASK_WEATHER)

        assert RESULT in asyncio.run(program()).final_output

    def test_a_hand_off(self, model, run):
        async def program():
            expert = Agent("weather expert", model=model(), tools=[get_weather])
            triage = Agent("triage", instructions="Hand off.", model=model(), handoffs=[expert])
            return await run(triage, "Transfer me to the expert for the weather in Paris.")

        result = asyncio.run(program())
        assert result.last_agent.name == "weather expert"
        assert f"In Paris: {RESULT}" in result.final_output

    def test_a_structured_output(self, model, run):
        async def program():
            return await run(Agent("composer", model=model(), output_type=Song), ASK_SONG)

        song = asyncio.run(program()).final_output
        assert (song.title, song.bars, song.voices[0].pitch) == ("The Sea", 16, "bass")

    def test_a_conversation_goes_on(self, model, run):
        async def program():
            agent = Agent("guide", model=model(), tools=[get_weather])
            first = await run(agent, ASK_WEATHER)
            return await run(
                agent, [*first.to_input_list(), {"role": "user", "content": "Thank you."}]
            )

        assert "“Thank you.”" in asyncio.run(program()).final_output


@pytest.mark.parametrize("run", [whole, streamed])
def test_a_tool_loop_by_previous_response_id(connect_async, run):
    async def program():
        model = OpenAIResponsesModel(MODEL, connect_async())
        agent = Agent("guide", model=model, tools=[get_weather])
        first = await run(agent, ASK_WEATHER, auto_previous_response_id=True)
        return await run(agent, "Thank you.", previous_response_id=first.last_response_id)

    assert "“Thank you.”" in asyncio.run(program()).final_output
