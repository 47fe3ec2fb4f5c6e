"""Log probabilities that a worker does not tell: refused beforehand, or a failure, never left out."""

from pathlib import Path

import openai
import pytest

LOGPROBS = {"include": ["message.output_text.logprobs"], "top_logprobs": 3}


def test_logprobs_that_no_worker_tells_are_refused(router, connect):
    router.python_worker(Path(__file__).with_name("endless_worker.py"), router.socket, "plain")
    with pytest.raises(openai.BadRequestError) as refusal:
        connect(router).responses.create(model="plain", input="Sing.", **LOGPROBS)
    assert refusal.value.param == "include"
    with pytest.raises(openai.BadRequestError) as refusal:
        connect(router).chat.completions.create(
            model="plain", messages=[{"role": "user", "content": "Sing."}], logprobs=True
        )
    assert refusal.value.param == "logprobs"


def test_logprobs_that_were_agreed_on_and_do_not_come_are_a_failure(router, connect):
    worker = Path(__file__).with_name("recording_worker.py")
    router.python_worker(worker, router.socket, "silent")
    request = {"model": "silent", "input": "Sing.", **LOGPROBS}
    with pytest.raises(openai.InternalServerError, match="lack the log probabilities"):
        connect(router).responses.create(**request)
    *_, last = connect(router).responses.create(**request, stream=True)
    assert last.type == "response.failed"
    assert "lack the log probabilities" in last.response.error.message
