"""`POST /v1/responses/compact`: a conversation goes on from a summary that only the router reads."""

import json

import openai
import openresponses_types as specification
import pytest

from open_responses import validate
from processes import MODEL

SONG = [
    {"role": "user", "content": "Sing."},
    {"role": "assistant", "content": "La la."},
    {"role": "user", "content": "Sing on."},
]


def compact(client, **request) -> dict:
    """What comes back, as a client sends it on."""
    raw = client.responses.with_raw_response.compact(model=MODEL, **request)
    return json.loads(raw.content)


def test_conversation_goes_on_from_its_compaction(client):
    compacted = client.responses.compact(model=MODEL, input=SONG, prompt_cache_key="songs")
    assert compacted.object == "response.compaction"
    assert [item.type for item in compacted.output] == ["message", "message", "compaction"]
    assert compacted.usage.output_tokens > 0
    output = compact(client, input=SONG)["output"]
    response = client.responses.create(
        model=MODEL, input=[*output, {"role": "user", "content": "And now?"}]
    )
    assert response.status == "completed"
    assert response.usage.input_tokens > 0


def test_compaction_is_the_specifications(client):
    validate(specification.CompactResource, compact(client, input=SONG))


def test_kept_response_is_compacted_with_what_it_went_on_from(client):
    first = client.responses.create(model=MODEL, input="Sing.")
    compacted = client.responses.compact(model=MODEL, previous_response_id=first.id)
    assert [item.type for item in compacted.output] == ["message", "compaction"]


def test_compaction_without_a_model_is_refused(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.post("/responses/compact", body={"input": "Sing."}, cast_to=object)
    assert caught.value.param == "model"


def test_changed_compaction_is_refused(client):
    item = compact(client, input=SONG)["output"][-1]
    item["encrypted_content"] = "A" + item["encrypted_content"][1:][::-1]
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model=MODEL, input=[item, *SONG])
    assert caught.value.code == "invalid_encrypted_content"
    assert caught.value.param == "input[0].encrypted_content"
