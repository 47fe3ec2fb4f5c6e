"""How routers and workers end: in order at the first signal, at once at the second."""

import contextlib
import http.client
import json
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import MODEL, Process, Router, binary
from transcript import Transcript, parse

HERE = Path(__file__).parent
ENDLESS = "endless"


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


class Stream(threading.Thread):
    """A client that reads a streamed response to its end."""

    def __init__(self, router: Router, model: str) -> None:
        super().__init__(daemon=True)
        self._router = router
        self._body = json.dumps({"model": model, "input": "Sing on.", "stream": True})
        self._has_begun = threading.Event()
        self._lines: list[str] = []
        self.start()
        assert self._has_begun.wait(20)

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._router.port, timeout=60)
        connection.request("POST", "/v1/responses", self._body)
        with contextlib.suppress(OSError, http.client.HTTPException):
            for line in connection.getresponse():
                self._lines.append(line.decode().rstrip("\n"))
                if len(self._lines) > 30:
                    self._has_begun.set()
        connection.close()

    def transcript(self, seconds_max: float = 20) -> Transcript:
        self.join(seconds_max)
        assert not self.is_alive(), "the stream hangs"
        return Transcript(parse(self._lines))


def test_streams_end_and_requests_are_refused_once_a_router_is_told_to_stop(folder):
    router = Router(folder)
    router.simulated_worker(MODEL, "--tokens-per-second", "30")
    stream = Stream(router, MODEL)
    router.process.signal(signal.SIGTERM)
    router.wait_until_not_ready()
    assert router.get("/readyz") == (503, b"shutting down\n")
    assert router.get("/healthz")[0] == 200

    connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=10)
    connection.request("POST", "/v1/responses", json.dumps({"model": MODEL, "input": "Hi."}))
    refusal = connection.getresponse()
    assert refusal.status == 503
    assert refusal.getheader("retry-after") == "1"
    assert "shutting down" in json.loads(refusal.read())["error"]["message"]
    connection.close()

    assert stream.transcript().types[-1] == "response.completed"
    assert router.process.wait() == 0
    router.stop()


def test_requests_are_refused_at_once_though_a_background_response_goes_on(folder):
    router = Router(folder, "--drain-timeout", "2")
    worker = router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
    connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=10)
    connection.request(
        "POST", "/v1/responses", json.dumps({"model": ENDLESS, "input": "Hi.", "background": True})
    )
    assert connection.getresponse().status == 200
    connection.close()
    worker.wait_until(lambda: "started" in worker.output, "asked")
    router.process.signal(signal.SIGTERM)
    begun = time.monotonic()
    router.wait_until_not_ready()
    assert time.monotonic() - begun < 1
    assert router.get("/readyz") == (503, b"shutting down\n")
    assert router.process.wait() == 0
    router.stop()


def test_streams_that_take_too_long_are_told_so(folder):
    router = Router(folder, "--drain-timeout", "1")
    router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
    stream = Stream(router, ENDLESS)
    begun = time.monotonic()
    router.process.signal(signal.SIGTERM)
    transcript = stream.transcript()
    assert 0.9 < time.monotonic() - begun < 5
    assert transcript.types[-1] == "response.failed"
    assert "shut down" in transcript.response["error"]["message"]
    assert router.process.wait() == 0
    router.stop()


def test_an_unstreamed_response_that_takes_too_long_is_answered(folder):
    router = Router(folder, "--drain-timeout", "1")
    worker = router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
    connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=20)
    connection.request("POST", "/v1/responses", json.dumps({"model": ENDLESS, "input": "Hi."}))
    worker.wait_until(lambda: "started" in worker.output, "asked")
    router.process.signal(signal.SIGTERM)
    answer = connection.getresponse()
    assert "shut down" in answer.read().decode()
    connection.close()
    assert router.process.wait() == 0
    router.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_a_router_at_once(folder, number):
    router = Router(folder)
    router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
    stream = Stream(router, ENDLESS)
    router.process.signal(signal.SIGTERM)
    router.wait_until_not_ready()
    assert stream.is_alive()
    router.process.signal(number)
    assert router.process.wait(5) == 128 + number
    for worker in router._workers:
        worker.kill()


def test_an_idle_router_ends_at_once_and_leaves_no_sockets(folder):
    router = Router(folder)
    idle = http.client.HTTPConnection("127.0.0.1", router.port)
    idle.request("GET", "/healthz")
    idle.getresponse().read()
    begun = time.monotonic()
    assert router.process.stop() == 0
    assert time.monotonic() - begun < 2
    assert not [name for name in os.listdir(folder) if name.endswith(".sock")]
    idle.close()


def test_a_worker_that_is_told_to_stop_ends_its_streams_first(folder):
    router = Router(folder)
    worker = router.simulated_worker(MODEL, "--tokens-per-second", "30")
    stream = Stream(router, MODEL)
    worker.signal(signal.SIGTERM)
    router.wait_until_not_ready()
    assert stream.is_alive()
    assert stream.transcript().types[-1] == "response.completed"
    assert worker.wait() == 0
    router.stop()


def test_a_worker_without_a_router_ends_at_once(folder):
    worker = Process(
        binary(), "worker", "--simulate", "--socket", folder / "none.sock", log=folder / "log"
    )
    worker.wait_until(lambda: "dialling again" in worker.output, "dialling")
    begun = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - begun < 3


def test_a_router_that_is_told_to_stop_sends_its_workers_away(folder):
    router = Router(folder)
    worker = router.simulated_worker(MODEL)
    assert router.process.stop() == 0
    worker.wait_until(lambda: "dialling again" in worker.output, "dialling")
    router.stop()


def test_a_router_restarted_over_a_killed_one_takes_its_socket(folder):
    first = Router(folder)
    first.process.kill()
    assert (folder / "worker.sock").is_socket()
    second = Router(folder)
    second.simulated_worker(MODEL)
    second.stop()


def test_two_routers_do_not_share_a_socket(folder):
    first = Router(folder)
    second = Process(
        binary(), "serve", "--http", "127.0.0.1:0", "--socket", folder / "worker.sock",
        "--inspect-socket", folder / "other.sock",
        "--admin-socket", folder / "other-admin.sock", log=folder / "second.log",
    )  # fmt: skip
    assert second.wait() == 1
    assert "another instance listens" in second.output
    first.simulated_worker(MODEL)
    first.stop()
