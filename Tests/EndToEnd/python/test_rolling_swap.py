"""Every worker is replaced by a successor while clients stream: none of them notices."""

import http.client
import json
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from processes import MODEL, Router
from transcript import Transcript, parse, text_of

NAMES = ["w0", "w1", "w2", "w3"]
CLIENTS = 16


@pytest.fixture
def router() -> Iterator[Router]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder))
        yield router
        router.stop()


def start(router: Router, name: str, generation: int):
    worker = router.simulated_worker(
        MODEL, "--name", name, "--generation", str(generation), "--tokens-per-second", "100"
    )
    # The router is ready as soon as one worker is attached, whichever that is.
    worker.wait_until(lambda: "attached" in worker.output, "attached")
    return worker


def answer(port: int) -> tuple[list[str], int]:
    """The texts of a streamed answer, checked event by event, and its number of tokens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = json.dumps({"model": MODEL, "input": "Count on.", "stream": True, "store": False})
    connection.request("POST", "/v1/responses", body)
    response = connection.getresponse()
    assert response.status == 200, response.read()
    transcript = Transcript(parse(line.decode().rstrip("\n") for line in response))
    connection.close()
    assert transcript.types[-1] == "response.completed", transcript.response
    texts = [text_of(item) for item in transcript.response["output"]]
    return texts, transcript.response["usage"]["output_tokens"]


def test_no_request_fails_and_no_token_is_lost_while_every_worker_is_replaced(router):
    workers = {name: start(router, name, 1) for name in NAMES}
    expected = answer(router.port)
    answers = [0] * CLIENTS
    is_over = threading.Event()

    def ask_until_over(client: int) -> None:
        while not is_over.is_set():
            assert answer(router.port) == expected
            answers[client] += 1

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(ask_until_over, client) for client in range(CLIENTS)]
        try:
            for name in NAMES:
                before = list(answers)
                start(router, name, 2)
                # Its successor's arrival sends it away, and it ends when its streams have.
                assert workers[name].wait() == 0
                router.process.wait_until(
                    lambda before=before: all(new > old for new, old in zip(answers, before)),
                    "serving every client",
                )
        finally:
            is_over.set()
        for client in clients:
            client.result()


def test_an_older_generation_does_not_take_a_newer_ones_place(router):
    start(router, "w0", 2)
    late = router.simulated_worker(MODEL, "--name", "w0", "--generation", "1")
    assert late.wait() == 1
    assert "generation 2" in late.output
    assert answer(router.port)[1] > 0
