"""Chat completions of the openai SDK, each answer strictly as the SDK's own types have it."""

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from processes import MODEL

MESSAGES = [{"role": "user", "content": "Tell me of a song for three voices."}]


def strict(model, answer):
    """The answer, read again without the SDK's leniency."""
    model.model_validate(answer.to_dict(), strict=True)
    return answer


def test_create(client):
    whole = client.chat.completions.create(model=MODEL, messages=MESSAGES)
    strict(ChatCompletion, whole)
    assert whole.model == MODEL
    (choice,) = whole.choices
    assert choice.finish_reason == "stop"
    assert choice.message.content
    assert choice.message.reasoning == choice.message.reasoning_content != ""
    usage = whole.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert 0 < usage.completion_tokens_details.reasoning_tokens < usage.completion_tokens


@pytest.mark.parametrize("includes_usage", [True, False])
def test_create_with_stream(client, includes_usage):
    chunks = list(
        client.chat.completions.create(
            model=MODEL,
            messages=MESSAGES,
            temperature=0,
            stream=True,
            stream_options={"include_usage": includes_usage},
        )
    )
    for chunk in chunks:
        strict(ChatCompletionChunk, chunk)
    assert len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) == 1
    if includes_usage:
        last = chunks.pop()
        assert last.choices == [] and last.usage.completion_tokens > 0
    assert all(chunk.usage is None for chunk in chunks)
    choices = [chunk.choices[0] for chunk in chunks]
    assert choices[0].delta.role == "assistant"
    assert [c.finish_reason for c in choices if c.finish_reason] == ["stop"]
    whole = client.chat.completions.create(model=MODEL, messages=MESSAGES, temperature=0)
    text = "".join(choice.delta.content or "" for choice in choices)
    assert text == whole.choices[0].message.content


def test_the_stream_helper(client):
    with client.chat.completions.stream(model=MODEL, messages=MESSAGES) as stream:
        texts = [event.delta for event in stream if event.type == "content.delta"]
        final = stream.get_final_completion()
    assert final.choices[0].message.content == "".join(texts) != ""


def test_a_limit_ends_with_length(client):
    whole = client.chat.completions.create(
        model=MODEL, messages=MESSAGES, max_completion_tokens=5
    )
    assert whole.choices[0].finish_reason == "length"
    assert whole.usage.completion_tokens == 5
