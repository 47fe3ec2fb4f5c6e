"""A real network behind the bridge: what the tiny gpt-oss knows by heart comes out exactly."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from processes import WORKERS, Router
from transcript import Transcript, parse, text_of

TINY = WORKERS / "tiny_gpt_oss"
CONVERSATIONS = json.loads((TINY / "conversations.json").read_text())
MODEL = "tiny-gpt-oss"


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory) -> Path:
    """A model trained before, in the folder HOCKET_TINY_MODEL, or one trained now."""
    if ready := os.environ.get("HOCKET_TINY_MODEL"):
        return Path(ready)
    folder = tmp_path_factory.mktemp("models") / MODEL
    subprocess.run([sys.executable, TINY / "train.py", "--output", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def client(tiny_model, connect):
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder))
        router.python_worker(
            "-m", "hocket_worker.transformers",
            "--socket", router.socket,
            "--model", tiny_model,
            "--name", MODEL,
        )  # fmt: skip
        yield connect(router)
        router.stop()


def request_of(conversation: dict) -> dict:
    request = {"model": MODEL, "input": conversation["input"], "temperature": 0}
    if "instructions" in conversation:
        request["instructions"] = conversation["instructions"]
    if "tools" in conversation:
        request["tools"] = [{"type": "function", **tool} for tool in conversation["tools"]]
    return request


def answer(output: list[dict]) -> dict:
    """The output of a response, spelt as conversations.json spells what is expected."""
    reasoning, last = output
    assert reasoning["type"] == "reasoning"
    spelt = {"analysis": text_of(reasoning)}
    if last["type"] == "function_call":
        return spelt | {"call": {"name": last["name"], "arguments": last["arguments"]}}
    return spelt | {"final": text_of(last)}


def expected(conversation: dict) -> dict:
    return {
        name: conversation[name] for name in ("analysis", "final", "call") if name in conversation
    }


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda each: each["name"])
def test_streams_what_it_knows_by_heart(client, conversation):
    call = client.responses.with_streaming_response.create(stream=True, **request_of(conversation))
    with call as response:
        transcript = Transcript(parse(response.iter_lines()))
    assert transcript.types[-1] == "response.completed"
    assert answer(transcript.response["output"]) == expected(conversation)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda each: each["name"])
def test_answers_what_it_knows_by_heart(client, conversation):
    response = client.responses.create(**request_of(conversation))
    assert answer(response.to_dict()["output"]) == expected(conversation)


def test_all_at_once(client):
    with ThreadPoolExecutor(len(CONVERSATIONS)) as pool:
        responses = pool.map(
            lambda each: client.responses.create(**request_of(each)), CONVERSATIONS
        )
    assert [answer(response.to_dict()["output"]) for response in responses] == [
        expected(conversation) for conversation in CONVERSATIONS
    ]
