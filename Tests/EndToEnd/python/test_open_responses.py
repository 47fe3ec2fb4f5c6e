"""`/openresponses/v1`: every event and object as the specification of Open Responses has them."""

import json

import openai
import pytest

from open_responses import OpenTranscript, check_open_response
from processes import MODEL, Router
from songs import ASK_SONG, ASK_WEATHER, WEATHER, Song
from transcript import Transcript, parse, text_of


def connect(router: Router) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"http://127.0.0.1:{router.port}/openresponses/v1",
        api_key="none",
        max_retries=0,
        timeout=60,
    )


def stream(router: Router, **request) -> OpenTranscript:
    call = connect(router).responses.with_streaming_response.create(
        **{"model": MODEL, "stream": True} | request
    )
    with call as response:
        return OpenTranscript(parse(response.iter_lines()))


def create(router: Router, **request) -> dict:
    raw = connect(router).responses.with_raw_response.create(**{"model": MODEL} | request)
    response = json.loads(raw.content)
    check_open_response(response)
    return response


REQUESTS = {
    "an answer": {"input": "Sing.", "temperature": 0},
    "a call": {"input": ASK_WEATHER, "tools": [WEATHER], "temperature": 0},
    "a limit": {"input": "Sing.", "max_output_tokens": 5, "temperature": 0},
    "an instruction": {"input": "Sing.", "instructions": "Rhyme.", "temperature": 0},
    "an object": {
        "input": ASK_SONG, "text": {"format": {"type": "json_object"}}, "temperature": 0,
    },
    "a schema": {
        "input": ASK_SONG, "temperature": 0,
        "text": {
            "format": {"type": "json_schema", "name": "song", "schema": Song.model_json_schema()}
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_streams_and_objects_are_the_specifications(shared_router, request_):
    streamed = stream(shared_router, **request_)
    whole = create(shared_router, **request_)
    assert streamed.response["status"] == whole["status"]
    types = [item["type"] for item in whole["output"]]
    assert [item["type"] for item in streamed.response["output"]] == types
    assert "response.reasoning.delta" in streamed.types
    assert not any(type.startswith("response.reasoning_text") for type in streamed.types)


def test_a_failure_is_told_by_an_error_event_first(router):
    router.simulated_worker("mortal", "--fault", "die:10")
    transcript = stream(router, model="mortal", input="Sing.")
    assert transcript.types[-2:] == ["error", "response.failed"]
    assert transcript.response["error"]["code"] == "server_error"


def test_what_was_answered_goes_back_in(shared_router):
    first = stream(shared_router, input=ASK_WEATHER, tools=[WEATHER]).response
    call = first["output"][-1]
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "17 degrees"}
    history = [{"role": "user", "content": ASK_WEATHER}, *first["output"], output]
    second = stream(shared_router, input=history, tools=[WEATHER]).response
    assert "17 degrees" in text_of(second["output"][-1])
    third = create(shared_router, input=[output], previous_response_id=first["id"])
    assert "17 degrees" in text_of(third["output"][-1])


def test_the_checks_tell_the_dialects_apart(shared_router):
    events = stream(shared_router, input="Sing.").events
    with pytest.raises(AssertionError):
        Transcript(events)
    transcript = OpenTranscript(events)
    for name in ("sequence_number", "response"):
        with pytest.raises(ValueError, match=name):
            transcript.check_types({key: events[0][key] for key in events[0] if key != name})
