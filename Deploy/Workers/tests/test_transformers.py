"""The tiny model through the kit: trained here, run as a process, asked by a fake router."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fake_router import FakeRouter, submit

from hocket_worker.frames import Type
from hocket_worker.v1.generation_pb2 import FinishReason, Sampling

WORKERS = Path(__file__).parent.parent
TINY = WORKERS / "tiny_gpt_oss"
CONVERSATIONS = [json.loads(line) for line in (TINY / "token_ids.jsonl").read_text().splitlines()]
SECONDS_MAX = 60
# "2026-11-23" and " medium", as the conversations have them; "2031-02-17" and " high".
DAY, EFFORT = [1323, 21, 12, 994, 12, 1860], 14093
ANOTHER_DAY, ANOTHER_EFFORT = [14754, 16, 12, 3286, 12, 1422], 1932


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory) -> Path:
    """A model trained before, in the folder HOCKET_TINY_MODEL, or one trained now."""
    if ready := os.environ.get("HOCKET_TINY_MODEL"):
        return Path(ready)
    folder = tmp_path_factory.mktemp("models") / "tiny-gpt-oss"
    subprocess.run([sys.executable, TINY / "train.py", "--output", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def router(tiny_model, tmp_path_factory):
    path = str(tmp_path_factory.mktemp("sockets") / "worker.sock")
    router = FakeRouter(path, SECONDS_MAX)
    command = [sys.executable, "-m", "hocket_worker.transformers"]
    command += ["--socket", path, "--model", tiny_model]
    process = subprocess.Popen(command, cwd=WORKERS)
    router.accept()
    yield router
    process.terminate()
    router.receive_to_end()
    assert process.wait(SECONDS_MAX) == 0
    router.close()


def test_all_conversations_at_once_come_back_exactly(router):
    ask(router, 1, [each["prompt"] for each in CONVERSATIONS])


def test_the_date_of_the_prompt_does_not_matter(router):
    ask(router, 101, [on_another_day(each["prompt"]) for each in CONVERSATIONS])


def test_the_token_that_is_chosen_greedily_is_the_likeliest(router):
    conversation = CONVERSATIONS[0]
    sampling = Sampling(temperature=0, logprobs=True, top_logprobs=2)
    router.send(submit(201, conversation["prompt"], sampling=sampling))
    while router.receive_until(Type.FINISH).stream != 201:
        pass
    steps = [frame.message for frame in router.transcript.of(Type.STEP)]
    scored = [step for step in steps if step.top_k]
    assert len(scored) == len(router.transcript.tokens[201])
    for step in scored:
        assert step.top_ids[0] == step.token_ids[0]
        assert step.logprobs[0] == step.top_logprobs[0] <= 0
        assert step.top_logprobs[0] >= step.top_logprobs[1]


def test_more_likely_tokens_than_are_weighed_are_refused(router):
    sampling = Sampling(logprobs=True, top_logprobs=21)
    router.send(submit(203, CONVERSATIONS[0]["prompt"], sampling=sampling))
    assert router.receive_until(Type.STREAM_ERROR).message.param == "top_logprobs"


def on_another_day(prompt: list[int]) -> list[int]:
    at = next(i for i in range(len(prompt)) if prompt[i : i + len(DAY)] == DAY)
    prompt = [*prompt[:at], *ANOTHER_DAY, *prompt[at + len(DAY) :]]
    prompt[prompt.index(EFFORT)] = ANOTHER_EFFORT
    return prompt


def ask(router: FakeRouter, first: int, prompts: list[list[int]]) -> None:
    greedy = Sampling(temperature=0, output_tokens_max=100)
    for index, prompt in enumerate(prompts):
        router.send(submit(first + 2 * index, prompt, sampling=greedy))
    for _ in prompts:
        finish = router.receive_until(Type.FINISH).message
        assert finish.reason == FinishReason.FINISH_REASON_STOP
    answers = [router.transcript.tokens[first + 2 * index] for index in range(len(prompts))]
    assert answers == [each["completion"] for each in CONVERSATIONS]
