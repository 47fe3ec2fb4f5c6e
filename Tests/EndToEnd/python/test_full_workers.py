"""Workers that are full: who waits, who is turned away, and when that is known."""

import json
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest

from processes import Router, binary
from transcript import Transcript, parse

MODEL = "narrow"
BODIES = {
    "/v1/responses": {"model": MODEL, "input": "Sing."},
    "/v1/chat/completions": {"model": MODEL, "messages": [{"role": "user", "content": "Sing."}]},
}


@pytest.fixture
def narrow():
    """Makes a router with options, and a slow worker that takes one stream at a time."""
    routers = []

    def make(*options: str) -> Router:
        # Not tmp_path: the path of a socket has room for about a hundred bytes.
        folder = tempfile.mkdtemp(prefix="hocket-")
        router = Router(Path(folder), *options)
        routers.append(router)
        worker = ["--streams-max", "1", "--tokens-per-second", "20"]
        router.simulated_worker(MODEL, *worker)
        return router

    yield make
    for router in routers:
        router.stop()


def post(router, path: str, stream: bool):
    """The answer's status, headers and body, whatever the status."""
    body = json.dumps(BODIES[path] | {"stream": stream}).encode()
    url = f"http://127.0.0.1:{router.port}{path}"
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class Occupation:
    """A stream that takes the only slot, until it is closed."""

    def __init__(self, connect, router) -> None:
        self._response = connect(router).responses.create(
            model=MODEL, input="Tell me a long story.", stream=True
        )
        self._events = iter(self._response)
        Transcript([next(self._events).to_dict()], is_cut=True)

    def close(self) -> None:
        self._response.close()


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("stream", [False, True])
def test_a_full_queue_is_429_before_the_head(narrow, connect, path, stream):
    router = narrow("--queue-requests", "0")
    occupation = Occupation(connect, router)
    status, headers, body = post(router, path, stream)
    assert status == 429
    assert 1 <= int(headers["retry-after"]) <= 60
    assert headers["content-type"] == "application/json"
    error = json.loads(body)["error"]
    assert error["type"] == "rate_limit_error"
    assert error["code"] == "rate_limit_exceeded"
    occupation.close()


def test_a_prompt_that_is_too_long_for_the_queue_is_429(narrow, connect):
    router = narrow("--queue-tokens", "10")
    occupation = Occupation(connect, router)
    assert post(router, "/v1/responses", True)[0] == 429
    occupation.close()


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("stream", [False, True])
def test_who_waits_too_long_gets_503_before_the_head(narrow, connect, path, stream):
    router = narrow("--queue-wait", "1")
    occupation = Occupation(connect, router)
    began = time.monotonic()
    status, headers, body = post(router, path, stream)
    assert 0.9 < time.monotonic() - began < 5
    assert status == 503
    assert int(headers["retry-after"]) >= 1
    assert "within 1.0 s" in json.loads(body)["error"]["message"]
    occupation.close()


@pytest.mark.parametrize("stream", [False, True])
def test_who_waits_is_served_when_the_slot_is_free(narrow, connect, stream):
    router = narrow()
    occupation = Occupation(connect, router)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(post, router, "/v1/responses", stream)
        time.sleep(0.3)
        assert not waiting.done()
        occupation.close()
        status, _, body = waiting.result(60)
    assert status == 200
    response = Transcript(parse(body.decode().split("\n"))).response if stream else json.loads(body)
    assert response["status"] == "completed"


def test_who_leaves_the_queue_makes_room_in_it(narrow, connect):
    router = narrow("--queue-requests", "1")
    occupation = Occupation(connect, router)
    impatient = connect(router).with_options(timeout=0.5)
    thread = threading.Thread(
        target=lambda: pytest.raises(openai.APITimeoutError, ask, impatient)
    )
    thread.start()
    time.sleep(0.2)
    assert post(router, "/v1/responses", False)[0] == 429
    thread.join()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(post, router, "/v1/responses", False)
        time.sleep(0.2)
        assert not waiting.done()
        occupation.close()
        assert waiting.result(60)[0] == 200


def ask(client) -> None:
    client.responses.create(model=MODEL, input="Sing.")


def test_without_workers_503_and_the_first_request_after_one_attaches_is_served(router):
    assert router.answers("/readyz", 503)
    for path in BODIES:
        for stream in (False, True):
            status, headers, _ = post(router, path, stream)
            assert status == 503
            assert int(headers["retry-after"]) >= 1
    router.simulated_worker(MODEL)
    assert post(router, "/v1/responses", False)[0] == 200


def test_an_unknown_policy_is_refused():
    result = subprocess.run(
        [binary(), "serve", "--placement", "by-luck"], capture_output=True, text=True, timeout=20
    )
    assert result.returncode != 0
    assert "prefix-affine" in result.stderr
