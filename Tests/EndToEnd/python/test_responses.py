"""The openai SDK, as its users call it, against the built binary with a simulated worker."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from processes import MODEL
from transcript import Transcript, check_response, check_types, check_usage, parse, shape, text_of

PROMPT = "Tell me of a song for three voices."


def stream_raw(client, **request) -> Transcript:
    call = client.responses.with_streaming_response.create(model=MODEL, stream=True, **request)
    with call as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        return Transcript(parse(response.iter_lines()))


def test_the_wire_of_a_streamed_response(client):
    transcript = stream_raw(client, input=PROMPT)
    assert transcript.types[-1] == "response.completed"
    reasoning, message = transcript.response["output"]
    assert (reasoning["type"], message["type"]) == ("reasoning", "message")
    assert text_of(reasoning) and text_of(message)
    deltas = transcript.types.count("response.output_text.delta")
    assert deltas > 1, "an answer streams in several deltas"
    usage = transcript.response["usage"]
    assert 0 < usage["output_tokens_details"]["reasoning_tokens"] < usage["output_tokens"]


def test_create_with_stream(client):
    events = list(client.responses.create(model=MODEL, input=PROMPT, stream=True))
    transcript = Transcript(event.to_dict() for event in events)
    assert transcript.response["status"] == "completed"


def test_the_stream_helper(client):
    with client.responses.stream(model=MODEL, input=PROMPT) as stream:
        texts = [event.delta for event in stream if event.type == "response.output_text.delta"]
        final = stream.get_final_response()
    assert final.status == "completed"
    assert final.output_text == "".join(texts) != ""


def test_create_without_stream(client):
    response = client.responses.create(model=MODEL, input=PROMPT)
    check_response(response.to_dict())
    check_usage(response.to_dict()["usage"])
    assert response.status == "completed"
    assert response.model == MODEL
    assert [item.type for item in response.output] == ["reasoning", "message"]
    assert response.output_text


def test_streamed_and_unstreamed_responses_are_the_same_but_for_ids_and_times(client):
    streamed = stream_raw(client, input=PROMPT, temperature=0).response
    whole = client.responses.with_raw_response.create(model=MODEL, input=PROMPT, temperature=0)
    whole = whole.http_response.json()
    assert shape(streamed) == shape(whole)
    assert list(map(text_of, streamed["output"])) == list(map(text_of, whole["output"]))


def test_what_was_asked_is_echoed(client):
    asked = {
        "instructions": "Answer in one sentence.",
        "temperature": 0.5,
        "top_p": 0.9,
        "max_output_tokens": 5000,
        "metadata": {"tune": "hocket"},
        "reasoning": {"effort": "low"},
        "user": "singer",
    }
    response = client.responses.create(model=MODEL, input=PROMPT, **asked).to_dict()
    echoed = {name: response[name] for name in asked}
    assert echoed | {"reasoning": {"effort": response["reasoning"]["effort"]}} == asked


def test_input_may_be_a_list_of_messages(client):
    response = client.responses.create(
        model=MODEL,
        input=[
            {"role": "developer", "content": "You sing."},
            {"role": "user", "content": [{"type": "input_text", "text": PROMPT}]},
            {"role": "assistant", "content": "La."},
            {"role": "user", "content": "And now?"},
        ],
    )
    assert response.output_text


def test_a_conversation_goes_on_with_the_output_of_the_last_turn(client):
    history = [{"role": "user", "content": PROMPT}]
    first = client.responses.create(model=MODEL, input=history)
    history += [item.to_dict() for item in first.output]
    history += [{"role": "user", "content": "Once more."}]
    second = client.responses.create(model=MODEL, input=history)
    assert second.status == "completed"
    assert second.usage.input_tokens > first.usage.input_tokens


def test_the_limit_of_output_makes_the_response_incomplete(client):
    transcript = stream_raw(client, input=PROMPT, max_output_tokens=5)
    response = transcript.response
    assert transcript.types[-1] == "response.incomplete"
    assert response["incomplete_details"] == {"reason": "max_output_tokens"}
    assert response["usage"]["output_tokens"] == 5
    assert response["output"][-1]["status"] == "incomplete"


def test_many_streams_at_once_do_not_mix(connect, shared_router):
    def ask(index: int) -> Transcript:
        return stream_raw(connect(shared_router), input=f"Voice {index}, sing.")

    with ThreadPoolExecutor(16) as pool:
        transcripts = list(pool.map(ask, range(32)))
    assert len({transcript.response["id"] for transcript in transcripts}) == 32
    assert {transcript.response["status"] for transcript in transcripts} == {"completed"}


def test_the_checks_notice_what_is_wrong(client):
    """The strict types are only worth something if they refuse what the SDK lets through."""
    event = stream_raw(client, input=PROMPT).events[0]
    check_types(event)
    for spoilt in (
        {name: value for name, value in event.items() if name != "sequence_number"},
        event | {"sequence_number": "0"},
        event | {"type": "response.begun"},
        event | {"surprise": 1},
        event | {"response": event["response"] | {"output": None}},
    ):
        with pytest.raises((ValueError, AssertionError)):
            check_types(spoilt)
