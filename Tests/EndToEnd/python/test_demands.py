"""What callers demand of an answer: the worker sees to it, or the router checks it, asks once more
where nobody has seen what came instead, and fails otherwise."""

import json

import openai
import pytest

from songs import ASK_WEATHER, CLOCK, WEATHER, chat_tool
from tool_servers import MODEL, ToolBench, answer, call
from transcript import Transcript, parse, text_of

SIMULATED = "simulated-gpt-oss"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "degrees": {"type": "integer"}},
    "required": ["city", "degrees"],
    "additionalProperties": False,
}
FORMAT = {"format": {"type": "json_schema", "name": "report", "schema": SCHEMA, "strict": True}}
NO_JSON, WRONG, RIGHT = "Sure: {}", '{"city":"Paris"}', '{"city":"Paris","degrees":17}'
DEMANDS = [
    ("required", answer("17 degrees.")),
    ({"type": "function", "name": "get_weather"}, call("get_local_time", city="Paris")),
    (
        {
            "type": "allowed_tools",
            "mode": "required",
            "tools": [{"type": "function", "name": "get_weather"}],
        },
        call("get_local_time", city="Paris"),
    ),
]


@pytest.fixture
def bench():
    """A router whose workers can constrain nothing."""
    bench = ToolBench()
    yield bench
    bench.stop()


def stream(client: openai.OpenAI, model: str = MODEL, **members) -> Transcript:
    with client.responses.with_streaming_response.create(
        model=model, input=ASK_WEATHER, stream=True, **members
    ) as response:
        return Transcript(parse(response.iter_lines()))


def create(client: openai.OpenAI, model: str = MODEL, **members) -> dict:
    response = client.responses.create(model=model, input=ASK_WEATHER, **members)
    return response.model_dump(mode="json")


@pytest.mark.parametrize(("choice", "instead"), DEMANDS)
@pytest.mark.parametrize("streamed", [True, False])
def test_a_call_that_does_not_come_is_asked_for_again(bench, connect, choice, instead, streamed):
    bench.model(instead, call("get_weather", city="Paris"))
    client, members = connect(bench.router), {"tools": [WEATHER, CLOCK], "tool_choice": choice}
    response = stream(client, **members).response if streamed else create(client, **members)
    assert response["status"] == "completed"
    assert [item["type"] for item in response["output"]] == ["function_call"]
    assert response["output"][0]["name"] == "get_weather"


@pytest.mark.parametrize(("choice", "instead"), DEMANDS)
@pytest.mark.parametrize("streamed", [True, False])
def test_a_call_that_never_comes_is_a_failure(bench, connect, choice, instead, streamed):
    bench.model(instead)
    client, members = connect(bench.router), {"tools": [WEATHER, CLOCK], "tool_choice": choice}
    response = stream(client, **members).response if streamed else create(client, **members)
    assert response["status"] == "failed"
    assert response["error"]["message"].startswith("The model ")


def test_a_call_that_must_not_come_is_not_told(bench, connect):
    bench.model(call("get_weather", city="Paris"), answer("I may not."))
    response = stream(connect(bench.router), tools=[WEATHER], tool_choice="none").response
    assert [text_of(item) for item in response["output"]] == ["I may not."]


@pytest.mark.parametrize("streamed", [True, False])
def test_an_answer_that_begins_as_no_json_is_asked_for_again(bench, connect, streamed):
    bench.model(answer(NO_JSON), answer(RIGHT))
    client = connect(bench.router)
    response = stream(client, text=FORMAT).response if streamed else create(client, text=FORMAT)
    assert response["status"] == "completed"
    assert [json.loads(text_of(item))["degrees"] for item in response["output"]] == [17]


def test_an_answer_beside_its_schema_is_asked_for_again_where_nobody_saw_it(bench, connect):
    bench.model(answer(WRONG), answer(RIGHT))
    response = create(connect(bench.router), text=FORMAT)
    assert [text_of(item) for item in response["output"]] == [RIGHT]


def test_an_answer_beside_its_schema_is_a_failure_where_it_was_told(bench, connect):
    bench.model(answer(WRONG), answer(RIGHT))
    response = stream(connect(bench.router), text=FORMAT).response
    assert response["status"] == "failed"
    assert "must have 'degrees'" in response["error"]["message"]


def test_completions_are_held_to_the_same(bench, connect):
    wrong = answer(WRONG)
    bench.model(answer("17 degrees."), call("get_weather", city="Paris"), wrong, wrong)
    chat = connect(bench.router).chat.completions
    ask = {"model": MODEL, "messages": [{"role": "user", "content": ASK_WEATHER}]}
    choice = chat.create(**ask, tools=[chat_tool(WEATHER)], tool_choice="required").choices[0]
    assert choice.finish_reason == "tool_calls"
    members = {name: value for name, value in FORMAT["format"].items() if name != "type"}
    schema = {"type": "json_schema", "json_schema": members}
    with pytest.raises(openai.InternalServerError, match="must have 'degrees'"):
        chat.create(**ask, response_format=schema)


def test_a_worker_that_keeps_to_schemas_is_told_of_them(shared_router, connect):
    """The simulated worker makes values for the schema of its constraint."""
    client = connect(shared_router)
    streamed = stream(client, model=SIMULATED, text=FORMAT).response
    for response in (streamed, create(client, model=SIMULATED, text=FORMAT)):
        assert response["status"] == "completed"
        value = json.loads(text_of(response["output"][-1]))
        assert set(value) == {"city", "degrees"} and isinstance(value["degrees"], int)


@pytest.mark.parametrize(
    "choice", [{"type": "file_search"}, {"type": "function", "name": "nobody"}]
)
def test_a_tool_that_is_not_there_cannot_be_demanded(shared_router, connect, choice):
    with pytest.raises(openai.BadRequestError) as refusal:
        connect(shared_router).responses.create(
            model=SIMULATED, input=ASK_WEATHER, tools=[WEATHER], tool_choice=choice
        )
    assert refusal.value.param == "tool_choice"
