"""Tools that models were trained with, which a real server stands in for."""

import json
import time

import openai
import pytest
from openai.types.responses import ResponseCodeInterpreterToolCall, ResponseFunctionWebSearch

from tool_servers import MODEL, PYTHON, SERVER, ToolBench, answer
from transcript import Transcript, check_response, check_strictly, parse, text_of

PROGRAM = {"command": str(PYTHON), "args": [str(SERVER.parent / "built_in_server.py")]}
CONFIG = {
    "mcpServers": {"box": PROGRAM, "net": PROGRAM},
    "builtInTools": {"code_interpreter": {"server": "box"}, "web_search": {"server": "net"}},
}
CODE = {"type": "code_interpreter", "container": {"type": "auto"}}
SEARCH = {"type": "web_search"}
OUTPUTS = "code_interpreter_call.outputs"
SOURCES = "web_search_call.action.sources"


def run(code: str) -> str:
    return f"<|channel|>analysis to=python code<|message|>{code}<|call|>"


def browse(name: str, **arguments) -> str:
    text = json.dumps(arguments)
    return f"<|channel|>analysis to=browser.{name} code<|message|>{text}<|call|>"


@pytest.fixture
def bench():
    bench = ToolBench(CONFIG)
    yield bench
    bench.stop()


@pytest.fixture
def client(bench, connect) -> openai.OpenAI:
    return connect(bench.router)


def ask(client: openai.OpenAI, is_streamed: bool, tools=(CODE, SEARCH), **members) -> dict:
    members = {"model": MODEL, "input": "Do it.", "tools": list(tools)} | members
    if not is_streamed:
        response = client.responses.create(**members).to_dict()
        check_response(response)
        return response
    with client.responses.with_streaming_response.create(stream=True, **members) as response:
        return Transcript(parse(response.iter_lines())).response


def types(response: dict) -> list[str]:
    return [item["type"] for item in response["output"]]


@pytest.mark.parametrize("is_streamed", [True, False])
def test_code_is_run_and_its_output_shown_to_who_asks(bench, client, is_streamed):
    bench.model(run("print(6 * 7)"), answer("42"))
    response = ask(client, is_streamed, include=[OUTPUTS])
    assert types(response) == ["code_interpreter_call", "message"]
    call = response["output"][0]
    check_strictly(ResponseCodeInterpreterToolCall, call)
    assert (call["code"], call["status"]) == ("print(6 * 7)", "completed")
    assert call["outputs"] == [{"type": "logs", "logs": "42\n"}]
    assert call["container_id"].startswith("cntr_")
    assert text_of(response["output"][1]) == "42"


def test_the_events_of_code_are_those_of_the_api(bench, client):
    bench.model(run("x = 6\nx * 7"), answer("42"))
    with client.responses.with_streaming_response.create(
        model=MODEL, input="Do it.", tools=[CODE], stream=True
    ) as response:
        transcript = Transcript(parse(response.iter_lines()))
    steps = [type for type in transcript.types if "code_interpreter" in type]
    deltas = [step for step in steps if step.endswith("_code.delta")]
    assert len(deltas) > 1
    assert [step for step in steps if step not in deltas] == [
        "response.code_interpreter_call.in_progress",
        "response.code_interpreter_call_code.done",
        "response.code_interpreter_call.interpreting",
        "response.code_interpreter_call.completed",
    ]
    assert transcript.response["output"][0]["outputs"] is None


@pytest.mark.parametrize("is_streamed", [True, False])
def test_the_web_is_searched_opened_and_looked_through(bench, client, is_streamed):
    bench.model(
        browse("search", query="pulls"),
        browse("open", id=0, cursor=0),
        browse("find", pattern="tides"),
        browse("open", id="https://tides.example/sun"),
        answer("The moon does it."),
    )
    response = ask(client, is_streamed, include=[SOURCES])
    *calls, message = response["output"]
    for call in calls:
        check_strictly(ResponseFunctionWebSearch, call)
    moon, sun = "https://tides.example/moon", "https://tides.example/sun"
    sources = [{"type": "url", "url": url} for url in (moon, sun)]
    assert [call["action"] for call in calls] == [
        {"type": "search", "query": "pulls", "sources": sources},
        {"type": "open_page", "url": moon},
        {"type": "find_in_page", "pattern": "tides", "url": moon},
        {"type": "open_page", "url": sun},
    ]
    assert {call["status"] for call in calls} == {"completed"}
    assert text_of(message) == "The moon does it."


def test_sources_are_shown_only_to_who_asks(bench, client):
    bench.model(browse("search", query="moon"), answer("Found."))
    response = ask(client, True)
    assert response["output"][0]["action"] == {"type": "search", "query": "moon"}


@pytest.mark.parametrize("is_streamed", [True, False])
def test_a_server_that_dies_costs_the_call_only(bench, client, is_streamed):
    bench.model(run("die"), answer("Sorry."))
    response = ask(client, is_streamed, include=[OUTPUTS])
    call = response["output"][0]
    assert call["status"] == "failed"
    assert call["outputs"][0]["logs"]
    assert response["status"] == "completed"


def test_what_code_says_of_its_own_failure_is_output(bench, client):
    bench.model(run("1 / 0"), answer("That cannot be."))
    response = ask(client, True, include=[OUTPUTS])
    call = response["output"][0]
    assert call["status"] == "completed"
    assert "ZeroDivisionError" in call["outputs"][0]["logs"]


def test_arguments_that_are_none_are_told_to_the_model(bench, client):
    bench.model(
        "<|channel|>analysis to=browser.search code<|message|>pulls<|call|>", answer("Sorry.")
    )
    response = ask(client, True)
    assert response["output"][0]["status"] == "failed"
    assert response["status"] == "completed"


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_follow_up_goes_on_behind_the_calls(bench, client, is_stored):
    bench.model(run("6 * 7"), browse("search", query="moon"), answer("42"), answer("As I said."))
    first = client.responses.create(
        model=MODEL, input="Do it.", tools=[CODE, SEARCH], store=is_stored, include=[OUTPUTS]
    )
    if is_stored:
        retrieved = client.responses.retrieve(first.id).to_dict()
        assert retrieved == first.to_dict()
        members = {"previous_response_id": first.id, "input": "Sure?"}
    else:
        history = [item.to_dict() for item in first.output]
        question = {"role": "user", "content": "Sure?"}
        members = {"input": [{"role": "user", "content": "Do it."}, *history, question]}
    second = ask(client, True, store=is_stored, **members)
    assert text_of(second["output"][-1]) == "As I said."


def test_a_response_in_the_background_runs_code(bench, client):
    bench.model(run("6 * 7"), answer("42"))
    members = {"model": MODEL, "input": "Do it.", "tools": [CODE], "include": [OUTPUTS]}
    with client.responses.create(**members, background=True, stream=True) as events:
        id = next(iter(events)).response.id
    deadline = time.monotonic() + 30
    while (response := client.responses.retrieve(id)).status in ("queued", "in_progress"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    check_response(response.to_dict())
    assert response.output[0].outputs[0].logs == "42\n"
    status, body = bench.router.get(f"/v1/responses/{id}?stream=true")
    assert status == 200
    assert Transcript(parse(body.decode().split("\n"))).response == response.to_dict()


class NestedTranscript(Transcript):
    """Reads events by their nesting alone: the specification has no types for built-in tools."""

    is_open_responses = True

    def check_types(self, event) -> None:
        pass


def test_open_responses_have_the_same_events(bench):
    bench.model(run("6 * 7"), browse("search", query="moon"), answer("42"))
    url = bench.router.url.replace("/v1", "/openresponses/v1")
    client = openai.OpenAI(base_url=url, api_key="none", max_retries=0, timeout=60)
    with client.responses.with_streaming_response.create(
        model=MODEL, input="Do it.", tools=[CODE, SEARCH], stream=True
    ) as response:
        told = NestedTranscript(parse(response.iter_lines()))
    assert types(told.response) == ["code_interpreter_call", "web_search_call", "message"]


def test_a_simulated_model_calls_what_the_prompt_offers(bench, client):
    bench.router.simulated_worker(MODEL, "--tokens-per-second", "2000")
    request = "Use python to compute `print(6 * 7)`, and search for \"moon\"."
    response = ask(client, True, input=request, include=[OUTPUTS])
    calls = {item["type"]: item for item in response["output"]}
    assert calls["code_interpreter_call"]["outputs"][0]["logs"] == "42\n"
    assert calls["web_search_call"]["action"]["query"] == "moon"
    assert "42" in text_of(response["output"][-1])


@pytest.mark.parametrize(
    ("choice", "type"),
    [
        ({"type": "code_interpreter"}, "code_interpreter_call"),
        ({"type": "web_search_preview"}, "web_search_call"),
        (
            {"type": "allowed_tools", "mode": "required", "tools": [{"type": "code_interpreter"}]},
            "code_interpreter_call",
        ),
    ],
)
def test_a_tool_can_be_demanded(bench, client, choice, type):
    bench.router.simulated_worker(MODEL, "--tokens-per-second", "2000")
    response = ask(client, True, input="Hello.", tool_choice=choice)
    assert type in types(response)
    assert response["status"] == "completed"


def test_tools_that_nobody_stands_in_for_are_ignored_and_not_demanded(connect):
    bench = ToolBench({"mcpServers": {"box": PROGRAM}})
    try:
        bench.model(answer("Hello."))
        client = connect(bench.router)
        assert types(ask(client, True)) == ["message"]
        with pytest.raises(openai.BadRequestError) as refusal:
            ask(client, False, tool_choice={"type": "code_interpreter"})
        assert refusal.value.param == "tool_choice"
    finally:
        bench.stop()
