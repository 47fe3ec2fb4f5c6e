"""The helpers of the openai SDK: parsing, streaming, tool loops, both APIs."""

import asyncio
import json
import tempfile
from pathlib import Path

import httpx2
import openai
import pytest

from event_grammar import EventGrammar
from processes import MODEL, Router
from songs import (
    ASK_BOTH,
    ASK_SONG,
    ASK_WEATHER,
    CLOCK,
    LOOSE_CLOCK,
    RESULT,
    WEATHER,
    Song,
    Tune,
    chat_tool,
)
from transcript import parse

LONG_STORY = "Tell me a long story."


@pytest.fixture(scope="module")
def free_client(connect):
    """Asks a worker that offers no constraints."""
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder))
        router.simulated_worker(MODEL, "--no-constraints", "--tokens-per-second", "2000")
        yield connect(router)
        router.stop()


def call_of(response):
    (call,) = [item for item in response.output if item.type == "function_call"]
    assert json.loads(call.arguments) == {"city": "Paris"}
    return call


def output_of(call, text=RESULT):
    return {"type": "function_call_output", "call_id": call.call_id, "output": text}


def ask(client, streams: bool, **request):
    if not streams:
        return client.responses.create(model=MODEL, **request)
    with client.responses.stream(model=MODEL, **request) as stream:
        for _ in stream:
            pass
        return stream.get_final_response()


@pytest.mark.parametrize("streams", [False, True])
class TestResponses:
    def test_a_tool_loop_by_previous_response_id(self, client, streams):
        first = ask(client, streams, input=ASK_WEATHER, tools=[WEATHER])
        second = ask(
            client,
            streams,
            input=[output_of(call_of(first))],
            previous_response_id=first.id,
            tools=[WEATHER],
        )
        assert RESULT in second.output_text
        assert second.previous_response_id == first.id
        assert second.usage.input_tokens > first.usage.input_tokens

    def test_a_tool_loop_by_full_history(self, client, streams):
        history = [{"role": "user", "content": ASK_WEATHER}]
        first = ask(client, streams, input=history, tools=[WEATHER], store=False)
        history += [item.to_dict() for item in first.output]
        history += [output_of(call_of(first), [{"type": "input_text", "text": RESULT}])]
        second = ask(client, streams, input=history, tools=[WEATHER], store=False)
        assert RESULT in second.output_text
        history += [item.to_dict() for item in second.output]
        history += [{"role": "user", "content": "Thank you."}]
        third = ask(client, streams, input=history, tools=[WEATHER], store=False)
        assert [item.type for item in third.output] == ["reasoning", "message"]

    def test_parallel_calls(self, client, streams):
        first = ask(client, streams, input=ASK_BOTH, tools=[WEATHER, LOOSE_CLOCK])
        calls = [item for item in first.output if item.type == "function_call"]
        assert [call.name for call in calls] == ["get_weather", "get_local_time"]
        assert len({call.call_id for call in calls}) == 2
        second = ask(
            client,
            streams,
            input=[output_of(call, f"{call.name}: fine") for call in calls],
            previous_response_id=first.id,
        )
        assert "get_weather: fine" in second.output_text
        assert "get_local_time: fine" in second.output_text

    def test_one_call_at_a_time(self, client, streams):
        first = ask(
            client, streams, input=ASK_BOTH, tools=[WEATHER, CLOCK], parallel_tool_calls=False
        )
        call = call_of(first)
        assert call.name == "get_weather"
        second = ask(
            client,
            streams,
            input=[output_of(call)],
            tools=[WEATHER, CLOCK],
            previous_response_id=first.id,
            parallel_tool_calls=False,
        )
        assert call_of(second).name == "get_local_time"

    @pytest.mark.parametrize(
        ("choice", "names"),
        [
            ("auto", ["get_weather"]),
            ("required", ["get_weather"]),
            ("none", []),
            ({"type": "function", "name": "get_weather"}, ["get_weather"]),
            (
                {
                    "type": "allowed_tools",
                    "mode": "auto",
                    "tools": [{"type": "function", "name": "get_local_time"}],
                },
                [],
            ),
        ],
        ids=["auto", "required", "none", "named", "allowed"],
    )
    def test_tool_choice(self, client, streams, choice, names):
        response = ask(
            client, streams, input=ASK_WEATHER, tools=[WEATHER, CLOCK], tool_choice=choice
        )
        assert response.status == "completed"
        calls = [item for item in response.output if item.type == "function_call"]
        assert [call.name for call in calls] == names

    def test_a_preamble_is_commentary(self, client, streams):
        response = ask(
            client, streams, instructions="Give a preamble.", input=ASK_WEATHER, tools=[WEATHER]
        )
        assert [item.type for item in response.output] == ["reasoning", "message", "function_call"]
        assert response.output[1].phase == "commentary"

    def test_a_custom_tool_gets_plain_text(self, client, streams):
        tool = {"type": "custom", "name": "sing_line", "description": "Sings."}
        response = ask(client, streams, input='Please sing the line "La la"', tools=[tool])
        call = response.output[-1]
        assert (call.type, call.name, call.input) == ("custom_tool_call", "sing_line", "La la")

    def test_any_json_object(self, client, streams):
        response = ask(
            client, streams, input="Answer in JSON.", text={"format": {"type": "json_object"}}
        )
        assert isinstance(json.loads(response.output_text), dict)


def last_of_stream(client, **request):
    """What the terminal event has; the helper gives only responses that are completed."""
    with client.responses.stream(model=MODEL, **request) as stream:
        *_, last = stream
    assert last.type == f"response.{last.response.status}"
    return last.response


@pytest.mark.parametrize("streams", [False, True])
def test_a_long_answer_is_cut(client, streams):
    request = {"input": LONG_STORY, "max_output_tokens": 100}
    response = last_of_stream(client, **request) if streams else ask(client, False, **request)
    assert response.status == "incomplete"
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.output[-1].status == "incomplete"
    assert response.usage.output_tokens == 100


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "get_weather"}])
@pytest.mark.parametrize("tools", [[WEATHER], [CLOCK | {"name": "get_weather"}]],
                         ids=["loose", "strict"])  # fmt: skip
def test_a_demanded_call_is_made_whatever_the_text_says(client, streams, choice, tools):
    response = ask(client, streams, input="Sing.", tools=tools, tool_choice=choice)
    assert response.status == "completed"
    (call,) = [item for item in response.output if item.type == "function_call"]
    assert call.name == "get_weather"
    assert isinstance(json.loads(call.arguments)["city"], str)


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "get_weather"}])
def test_a_demand_that_no_worker_obeys_is_no_success(free_client, streams, choice):
    request = {"input": "Sing.", "tools": [WEATHER], "tool_choice": choice}
    if streams:
        response = last_of_stream(free_client, **request)
    else:
        response = ask(free_client, False, **request)
    assert response.status == "failed"
    assert response.error.message.endswith("which tool_choice demands.")


PIECES = "Grüße, 👩‍👩‍👧 und 日本語!"
LOGPROBS = {"include": ["message.output_text.logprobs"], "top_logprobs": 3}


def bytes_of(logprobs) -> bytes:
    return bytes(byte for logprob in logprobs for byte in logprob.bytes)


@pytest.mark.parametrize("streams", [False, True])
class TestLogprobs:
    def test_cover_the_answer_and_nothing_else(self, client, streams):
        response = ask(client, streams, input=PIECES, **LOGPROBS)
        (reasoning, message) = response.output
        (part,) = message.content
        assert bytes_of(part.logprobs) == part.text.encode()
        for logprob in part.logprobs:
            assert logprob.logprob <= 0
            likely = [candidate.logprob for candidate in logprob.top_logprobs]
            assert likely == sorted(likely, reverse=True) and len(likely) == 3
        assert reasoning.type == "reasoning"
        again = ask(client, streams, input=PIECES, **LOGPROBS)
        assert again.output[1].content[0].logprobs == part.logprobs

    def test_stop_where_the_answer_does(self, client, streams):
        request = {"input": PIECES, **LOGPROBS, "extra_body": {"stop": ["reads this"]}}
        (part,) = ask(client, streams, **request).output[-1].content
        assert part.text.endswith(" no model ")
        # The token in which the stop string begins has a space before it.
        assert bytes_of(part.logprobs) == part.text.encode() + b"reads"

    def test_are_not_there_unasked(self, client, streams):
        (part,) = ask(client, streams, input=PIECES).output[-1].content
        assert part.logprobs == []


def check_aligned(deltas) -> None:
    """Each token with the text that holds its first byte, half characters included."""
    text = tokens = b""
    for delta, logprobs in deltas:
        text += delta.encode()
        tokens += bytes_of(logprobs)
        assert tokens.startswith(text) and len(tokens) < len(text) + 4
    assert tokens == text


def test_each_delta_has_the_logprobs_of_its_text(client):
    with client.responses.stream(model=MODEL, input=PIECES, **LOGPROBS) as stream:
        deltas = [event for event in stream if event.type == "response.output_text.delta"]
    check_aligned((delta.delta, delta.logprobs) for delta in deltas)


@pytest.mark.parametrize("effort", ["low", "medium", "high"])
def test_effort_makes_thoughts_longer(client, effort):
    low = client.responses.create(model=MODEL, input="Sing.", reasoning={"effort": "low"})
    other = client.responses.create(model=MODEL, input="Sing.", reasoning={"effort": effort})
    tokens = [r.usage.output_tokens_details.reasoning_tokens for r in (low, other)]
    assert tokens[0] == tokens[1] if effort == "low" else tokens[0] < tokens[1]


THOUGHTS = "No model is running here"


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("summary", ["auto", "concise", "detailed"])
def test_a_summary_of_the_reasoning_is_told_when_it_is_asked_for(client, streams, summary):
    response = ask(client, streams, input="Sing.", reasoning={"summary": summary})
    (part,) = response.output[0].summary
    # The model makes none of its own: it is the reasoning, which has one paragraph here.
    assert part.text == response.output[0].content[0].text
    assert THOUGHTS in part.text
    assert response.reasoning.summary == summary
    assert ask(client, streams, input="Sing.").output[0].summary == []


def test_a_summary_has_the_same_events_in_open_responses(shared_router):
    body = {"model": MODEL, "input": "Sing.", "stream": True, "reasoning": {"summary": "auto"}}
    url = shared_router.url.replace("/v1", "/openresponses/v1") + "/responses"
    grammar, types = EventGrammar(is_open_responses=True), []
    with httpx2.stream("POST", url, json=body) as response:
        for event in parse(response.iter_lines()):
            grammar.read(event)
            types.append(event["type"])
    grammar.finish()
    assert "response.reasoning.delta" in types
    assert "response.reasoning_summary_text.delta" in types


ENCRYPTED = {"include": ["reasoning.encrypted_content"], "store": False}


def without(item, *names) -> dict:
    return {name: value for name, value in item.to_dict().items() if name not in names}


@pytest.mark.parametrize("streams", [False, True])
class TestEncryptedReasoning:
    def history(self, client, streams, *left_out):
        history = [{"role": "user", "content": ASK_WEATHER}]
        first = ask(client, streams, input=history, tools=[WEATHER], **ENCRYPTED)
        (reasoning, call) = first.output
        assert reasoning.encrypted_content
        return [
            *history,
            without(reasoning, *left_out),
            call.to_dict(),
            output_of(call),
        ]

    def test_is_as_good_as_the_reasoning(self, client, streams):
        def input_tokens(*left_out):
            history = self.history(client, streams, *left_out)
            second = ask(client, streams, input=history, tools=[WEATHER], **ENCRYPTED)
            assert RESULT in second.output_text
            count = client.responses.input_tokens.count(
                model=MODEL, input=history, tools=[WEATHER]
            )
            assert count.input_tokens == second.usage.input_tokens
            return second.usage.input_tokens

        encrypted = input_tokens("content")
        assert encrypted == input_tokens("encrypted_content")
        assert encrypted > input_tokens("content", "encrypted_content")

    def test_of_another_item_is_refused(self, client, streams):
        history = self.history(client, streams, "content")
        history[1]["id"] = "rs_another"
        with pytest.raises(openai.BadRequestError) as refusal:
            ask(client, streams, input=history, tools=[WEATHER], **ENCRYPTED)
        assert refusal.value.param == "input[1].encrypted_content"
        assert refusal.value.code == "invalid_encrypted_content"
        assert "rs_another" in refusal.value.message

    def test_is_not_there_unasked(self, client, streams):
        response = ask(client, streams, input="Sing.", store=False)
        assert response.output[0].encrypted_content is None


def test_encrypted_reasoning_outlives_the_router_with_its_key(connect):
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        store = Path(folder) / "responses.sqlite"

        def ask_once(input, *options):
            router = Router(Path(folder), *options)
            try:
                router.simulated_worker(MODEL, "--tokens-per-second", "2000")
                return connect(router).responses.create(model=MODEL, input=input, **ENCRYPTED)
            finally:
                router.stop()

        reasoning = ask_once("Sing.", "--store", store).output[0]
        assert (Path(folder) / "reasoning.key").stat().st_mode & 0o777 == 0o600
        history = [without(reasoning, "content"), {"role": "user", "content": "On."}]
        assert ask_once(history, "--store", store).status == "completed"
        for options in (["--store", "memory"], ["--store", Path(folder) / "new" / "r.sqlite"]):
            with pytest.raises(openai.BadRequestError, match="could not be verified"):
                ask_once(history, *options)


def check_song(song: Song | None) -> None:
    assert song is not None
    assert (song.title, song.bars, song.voices[0].pitch) == ("The Sea", 16, "bass")


def test_parse(client):
    response = client.responses.parse(model=MODEL, input=ASK_SONG, text_format=Song)
    check_song(response.output_parsed)


def test_parse_a_stream(client):
    with client.responses.stream(model=MODEL, input=ASK_SONG, text_format=Song) as stream:
        done = [event for event in stream if event.type == "response.output_text.done"]
        check_song(stream.get_final_response().output_parsed)
    check_song(done[0].parsed)


def test_parse_the_arguments_of_a_call(client):
    tool = openai.pydantic_function_tool(Tune, name="write_song")
    tool = {"type": "function", **tool["function"]}
    response = client.responses.parse(model=MODEL, input=ASK_SONG, tools=[tool])
    call = response.output[-1]
    assert call.name == "write_song"
    assert call.parsed_arguments["title"] == "The Sea"


def test_the_async_client(connect_async):
    async def run() -> None:
        async with connect_async() as client:
            stream = await client.responses.create(model=MODEL, input=ASK_WEATHER, stream=True)
            types = [event.type async for event in stream]
            assert types[-1] == "response.completed"

    asyncio.run(run())


class TestChat:
    messages = [{"role": "user", "content": ASK_WEATHER}]  # noqa: RUF012

    def test_a_tool_loop(self, client):
        create = client.chat.completions.create
        first = create(model=MODEL, messages=self.messages, tools=[chat_tool(WEATHER)])
        (choice,) = first.choices
        assert choice.finish_reason == "tool_calls"
        assert choice.message.content is None
        (call,) = choice.message.tool_calls
        assert (call.function.name, json.loads(call.function.arguments)) == (
            "get_weather",
            {"city": "Paris"},
        )
        history = [
            *self.messages,
            choice.message.to_dict(),
            {"role": "tool", "tool_call_id": call.id, "content": RESULT},
        ]
        second = create(model=MODEL, messages=history, tools=[chat_tool(WEATHER)])
        assert second.choices[0].finish_reason == "stop"
        assert RESULT in second.choices[0].message.content

    def test_logprobs(self, client):
        request = {"model": MODEL, "messages": [{"role": "user", "content": PIECES}]}
        create = client.chat.completions.create
        (choice,) = create(**request, logprobs=True, top_logprobs=2).choices
        logprobs = choice.logprobs.content
        assert bytes_of(logprobs) == choice.message.content.encode()
        assert {len(logprob.top_logprobs) for logprob in logprobs} == {2}
        assert choice.logprobs.refusal is None
        assert create(**request).choices[0].logprobs is None
        deltas = []
        for chunk in create(**request, logprobs=True, top_logprobs=2, stream=True):
            (choice,) = chunk.choices
            told = choice.logprobs.content if choice.logprobs else []
            deltas.append((choice.delta.content or "", told))
        check_aligned(deltas)
        assert [logprob for _, told in deltas for logprob in told] == logprobs

    def test_a_stream_of_parallel_calls(self, client):
        with client.chat.completions.stream(
            model=MODEL,
            messages=[{"role": "user", "content": ASK_BOTH}],
            tools=[chat_tool(WEATHER), chat_tool(LOOSE_CLOCK)],
        ) as stream:
            done = [e for e in stream if e.type == "tool_calls.function.arguments.done"]
            final = stream.get_final_completion()
        assert [event.name for event in done] == ["get_weather", "get_local_time"]
        (choice,) = final.choices
        assert choice.finish_reason == "tool_calls"
        assert [call.function.name for call in choice.message.tool_calls] == [
            "get_weather",
            "get_local_time",
        ]
        assert len({call.id for call in choice.message.tool_calls}) == 2

    def test_parse(self, client):
        completion = client.chat.completions.parse(
            model=MODEL, messages=[{"role": "user", "content": ASK_SONG}], response_format=Song
        )
        check_song(completion.choices[0].message.parsed)

    def test_parse_a_stream(self, client):
        with client.chat.completions.stream(
            model=MODEL, messages=[{"role": "user", "content": ASK_SONG}], response_format=Song
        ) as stream:
            for _ in stream:
                pass
            check_song(stream.get_final_completion().choices[0].message.parsed)

    def test_parse_the_arguments_of_a_call(self, client):
        completion = client.chat.completions.parse(
            model=MODEL,
            messages=[{"role": "user", "content": ASK_SONG}],
            tools=[openai.pydantic_function_tool(Song, name="write_song")],
        )
        (call,) = completion.choices[0].message.tool_calls
        check_song(call.function.parsed_arguments)
