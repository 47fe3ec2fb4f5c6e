"""How long a response may take: the operator's limit, and the client's own that is shorter."""

import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import Router
from transcript import Transcript, parse

HERE = Path(__file__).parent
MODEL = "endless"


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


def endless_router(folder: Path, *options: str) -> Router:
    """A router whose worker takes one stream at a time, and never ends it."""
    router = Router(folder, *options)
    router.python_worker(HERE / "endless_worker.py", router.socket, MODEL, "1", "1")
    return router


def post(router: Router, milliseconds: int | None = None, **members) -> tuple[int, str, float]:
    """The status and the body of the answer, and how many seconds it took."""
    headers = {"x-request-timeout-ms": str(milliseconds)} if milliseconds else {}
    body = json.dumps({"model": MODEL, "input": "Sing on."} | members)
    connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=60)
    begun = time.monotonic()
    connection.request("POST", "/v1/responses", body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, time.monotonic() - begun


def expect_late(transcript: Transcript) -> None:
    assert transcript.types[-1] == "response.failed"
    assert "time" in transcript.response["error"]["message"]


def test_the_operators_limit_ends_every_response(folder):
    router = endless_router(folder, "--response-timeout", "2")
    status, text, seconds = post(router)
    assert status == 504
    assert "time" in json.loads(text)["error"]["message"]
    assert seconds > 1.9
    status, text, seconds = post(router, stream=True)
    assert status == 200
    expect_late(Transcript(parse(text.split("\n"))))
    # The limit that a client names can only be shorter.
    status, text, seconds = post(router, milliseconds=60_000)
    assert status == 504
    assert seconds < 50
    router.stop()


def test_the_clients_limit_ends_its_response_and_its_worker_is_free_again(folder):
    router = endless_router(folder)
    for _ in range(2):
        status, text, seconds = post(router, milliseconds=1000, stream=True)
        assert status == 200
        assert seconds > 0.9
        expect_late(Transcript(parse(text.split("\n"))))
    assert router._workers[0].output.count("started") == 2
    router.stop()


def test_waiting_for_a_worker_is_a_part_of_the_time(folder):
    router = endless_router(folder)
    busy = http.client.HTTPConnection("127.0.0.1", router.port, timeout=60)
    busy.request(
        "POST", "/v1/responses", json.dumps({"model": MODEL, "input": "Sing on.", "stream": True})
    )
    assert busy.getresponse().status == 200
    for stream in (False, True):
        status, _, seconds = post(router, milliseconds=1000, stream=stream)
        assert status == 504
        assert seconds > 0.9
    busy.close()
    router.stop()


def test_a_background_response_has_the_operators_time_from_its_start(folder):
    router = endless_router(folder, "--response-timeout", "2")
    status, text, _ = post(router, milliseconds=1, background=True)
    assert status == 200
    id = json.loads(text)["id"]
    begun = time.monotonic()
    while (response := json.loads(router.get(f"/v1/responses/{id}")[1]))["status"] != "failed":
        assert response["status"] in ("queued", "in_progress")
        assert time.monotonic() - begun < 30
        time.sleep(0.05)
    assert time.monotonic() - begun > 1.5
    assert "time" in response["error"]["message"]
    router.stop()


@pytest.mark.parametrize("text", ["soon", "0", "-5"])
def test_a_limit_that_is_none_is_refused(shared_router, text):
    connection = http.client.HTTPConnection("127.0.0.1", shared_router.port, timeout=60)
    connection.request("POST", "/v1/responses", "{}", {"x-request-timeout-ms": text})
    answer = connection.getresponse()
    assert answer.status == 400
    assert json.loads(answer.read())["error"]["param"] == "x-request-timeout-ms"
    connection.close()
