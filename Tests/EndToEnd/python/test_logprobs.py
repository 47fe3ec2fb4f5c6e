"""Log probabilities that a worker does not tell: refused beforehand, or a failure, never left out."""

import json
from pathlib import Path

import openai
import pytest

LOGPROBS = {"include": ["message.output_text.logprobs"], "top_logprobs": 3}
# <|channel|>final<|message|> la<|return|>
ANSWER = [200_005, 17_196, 200_008, 557, 200_002]


def test_logprobs_that_no_worker_tells_are_refused(router, connect):
    script = router.folder / "script.json"
    script.write_text(json.dumps([ANSWER]))
    worker = Path(__file__).with_name("round_worker.py")
    router.python_worker(worker, router.socket, "plain", script)
    with pytest.raises(openai.BadRequestError) as refusal:
        connect(router).responses.create(model="plain", input="Sing.", **LOGPROBS)
    assert refusal.value.param == "include"
    with pytest.raises(openai.BadRequestError) as refusal:
        connect(router).chat.completions.create(
            model="plain", messages=[{"role": "user", "content": "Sing."}], logprobs=True
        )
    assert refusal.value.param == "logprobs"


def test_logprobs_that_an_engine_of_the_kit_offers_and_does_not_give_are_a_failure(router, connect):
    worker = Path(__file__).with_name("recording_worker.py")
    router.python_worker(worker, router.socket, "silent")
    request = {"model": "silent", "input": "Sing.", **LOGPROBS}
    with pytest.raises(openai.InternalServerError, match="gave 0 log probabilities"):
        connect(router).responses.create(**request)
    *_, last = connect(router).responses.create(**request, stream=True)
    assert last.type == "response.failed"
    assert "gave 0 log probabilities" in last.response.error.message
