"""Programs of langchain-openai, by the Responses API and by Chat Completions."""

import pytest
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

from processes import MODEL
from songs import ASK_BOTH, ASK_SONG, ASK_WEATHER, RESULT, Song, Tune


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"In {city}: {RESULT}"


@tool
def get_local_time(city: str) -> str:
    """Tells the time in a city."""
    return f"In {city}: noon"


TOOLS = {tool.name: tool for tool in (get_weather, get_local_time)}


@pytest.fixture(params=[True, False], ids=["responses", "chat"])
def make(request, shared_router, http_client):
    def make(**options) -> ChatOpenAI:
        return ChatOpenAI(
            model=MODEL,
            base_url=shared_router.url,
            api_key="none",
            max_retries=0,
            use_responses_api=request.param,
            http_client=http_client,
            **options,
        )

    return make


def invoked(model, messages):
    return model.invoke(messages)


def streamed(model, messages):
    chunks = list(model.stream(messages))
    assert len(chunks) > 2
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    return whole


@pytest.mark.parametrize("ask", [invoked, streamed])
class TestChatOpenAI:
    def test_an_answer(self, make, ask):
        answer = ask(make(stream_usage=True), "La?")
        assert "“La?”" in answer.text
        assert answer.usage_metadata["output_tokens"] > 0
        assert answer.usage_metadata["output_token_details"]["reasoning"] > 0

    def test_a_summary_of_the_reasoning(self, make, ask):
        model = make(reasoning={"summary": "auto"})
        if not model.use_responses_api:
            pytest.skip("completions have their reasoning in members that LangChain does not read")
        blocks = [block for block in ask(model, "La?").content_blocks]
        thoughts = [block.get("reasoning", "") for block in blocks if block["type"] == "reasoning"]
        assert "No model is running here" in "".join(thoughts)

    def test_a_tool_loop(self, make, ask):
        model = make().bind_tools(list(TOOLS.values()))
        messages = [HumanMessage(ASK_BOTH)]
        first = ask(model, messages)
        assert [call["name"] for call in first.tool_calls] == list(TOOLS)
        assert not first.invalid_tool_calls
        messages.append(first)
        messages += [TOOLS[call["name"]].invoke(call) for call in first.tool_calls]
        assert isinstance(messages[-1], ToolMessage)
        second = ask(model, messages)
        assert f"In Paris: {RESULT}" in second.text and "In Paris: noon" in second.text

    def test_a_chosen_tool(self, make, ask):
        model = make().bind_tools(list(TOOLS.values()), tool_choice="get_weather")
        (call,) = ask(model, ASK_WEATHER).tool_calls
        assert (call["name"], call["args"]) == ("get_weather", {"city": "Paris"})


@pytest.mark.parametrize(
    ("method", "shape"), [("json_schema", Song), ("function_calling", Tune)]
)
def test_structured_output(make, method, shape):
    tune = make().with_structured_output(shape, method=method).invoke(ASK_SONG)
    assert (tune.title, tune.bars) == ("The Sea", 16)


def test_structured_output_with_its_raw_answer(make):
    model = make().with_structured_output(Song, method="json_schema", include_raw=True)
    answer = model.invoke(ASK_SONG)
    assert answer["parsing_error"] is None
    assert answer["parsed"].bars == 16


def test_a_conversation_by_previous_response_id(shared_router, http_client):
    model = ChatOpenAI(
        model=MODEL,
        base_url=shared_router.url,
        api_key="none",
        use_responses_api=True,
        use_previous_response_id=True,
        http_client=http_client,
    ).bind_tools([get_weather])
    messages = [HumanMessage(ASK_WEATHER)]
    messages.append(model.invoke(messages))
    messages += [get_weather.invoke(call) for call in messages[-1].tool_calls]
    messages.append(model.invoke(messages))
    assert RESULT in messages[-1].text
