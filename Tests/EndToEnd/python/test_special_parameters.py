"""Parameters that change how an answer comes, or need another one before: each word of the page."""

import json

import openai
import pytest

from chat_grammar import check_chat_stream
from processes import MODEL
from transcript import Transcript, parse

ASK = {"model": MODEL, "input": "Sing.", "temperature": 0}
CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "Sing."}], "temperature": 0}


def stream(client, **request) -> Transcript:
    call = client.responses.with_streaming_response.create(**ASK | request, stream=True)
    with call as response:
        return Transcript(parse(response.iter_lines()))


def chat_stream(client, **request) -> list[dict]:
    call = client.chat.completions.with_streaming_response.create(**CHAT | request, stream=True)
    with call as response:
        return check_chat_stream(response.iter_lines())


def refusal(call, **request) -> openai.APIStatusError:
    with pytest.raises(openai.APIStatusError) as caught:
        call(**ASK | request)
    return caught.value


def test_stream(client):
    assert stream(client).response["status"] == "completed"
    assert client.responses.create(**ASK, stream=False).status == "completed"
    assert chat_stream(client)[-1]["choices"][0]["finish_reason"] == "stop"
    assert client.chat.completions.create(**CHAT, stream=False).choices[0].finish_reason == "stop"


def test_stream_options(client):
    padded = stream(client, stream_options={"include_obfuscation": True}).events
    deltas = [event for event in padded if event["type"].endswith(".delta")]
    sizes = [len((event["delta"] + event["obfuscation"]).encode()) for event in deltas]
    assert deltas and not any(size % 16 for size in sizes)
    plain = stream(client, stream_options={"include_obfuscation": False}).events
    assert not any("obfuscation" in event for event in plain)
    for asked in (True, False):
        chunks = chat_stream(client, stream_options={"include_usage": asked})
        assert ("usage" in chunks[0]) == asked


def test_store(client):
    for stored in (True, False):
        response = client.responses.create(**ASK, store=stored)
        assert response.to_dict()["store"] is stored
        if stored:
            assert client.responses.retrieve(response.id).id == response.id
        else:
            with pytest.raises(openai.NotFoundError):
                client.responses.retrieve(response.id)


def test_previous_response_id(client):
    first = client.responses.create(**ASK)
    second = client.responses.create(**ASK, previous_response_id=first.id)
    assert second.previous_response_id == first.id
    assert second.usage.input_tokens > first.usage.input_tokens
    error = refusal(client.responses.create, previous_response_id="resp_none")
    assert (error.status_code, error.param) == (400, "previous_response_id")
    assert error.code == "previous_response_not_found"


def test_background(client):
    response = client.responses.create(**ASK, background=True)
    assert (response.background, response.status) == (True, "queued")
    assert client.responses.create(**ASK, background=False).status == "completed"
    error = refusal(client.responses.create, background=True, store=False)
    assert (error.status_code, error.param) == (400, "background")


def test_conversation(client):
    id = client.conversations.create().id
    first = client.responses.create(**ASK, conversation=id)
    assert first.conversation.id == id
    second = client.responses.create(**ASK, conversation={"id": id})
    assert second.usage.input_tokens > first.usage.input_tokens
    error = refusal(client.responses.create, conversation="conv_none")
    assert error.status_code == 404 and "conv_none" in error.message
    error = refusal(client.responses.create, conversation=id, previous_response_id=first.id)
    assert error.status_code == 400
    kept = len(list(client.conversations.items.list(id)))
    client.responses.create(**ASK, conversation=id, store=False)
    assert len(list(client.conversations.items.list(id))) == kept


def test_truncation(client):
    long = [{"role": "user", "content": f"{number}: {'la ' * 30_000}"} for number in range(6)]
    history = [*long, {"role": "user", "content": "Sing of x!"}]
    error = refusal(client.responses.create, input=history, truncation="disabled")
    assert (error.status_code, error.code) == (400, "context_length_exceeded")
    assert any(character.isdigit() for character in error.message)
    response = client.responses.create(**ASK | {"input": history}, truncation="auto")
    assert response.truncation == "auto"
    assert "of x!" in response.output_text
    assert response.usage.input_tokens < 131_072
    error = refusal(client.responses.create, truncation="song")
    assert (error.status_code, error.param) == (400, "truncation")
    assert json.loads(error.response.content)["error"]["type"] == "invalid_request_error"
