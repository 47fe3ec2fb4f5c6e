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


class Waiting(threading.Thread):
    """A client whose request waits for a worker, and that is told something in the end."""

    def __init__(self, router: Router, model: str, stream: bool) -> None:
        super().__init__(daemon=True)
        self._connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=60)
        body = json.dumps({"model": model, "input": "Sing on.", "stream": stream})
        self._connection.request("POST", "/v1/responses", body)
        self._answer: tuple[int, str | None, str] | None = None
        self.start()

    def run(self) -> None:
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self._answer = answer.status, answer.getheader("retry-after"), text
        self._connection.close()

    def answer(self) -> tuple[int, str | None, str]:
        """The status, when to try again, and the body."""
        self.join(30)
        assert self._answer, "the request was answered nothing"
        return self._answer


def wait_until_queued(router: Router, clients: list[Waiting]) -> None:
    """Gives requests the time to come in; none of them is answered."""
    time.sleep(1)
    assert all(client.is_alive() for client in clients)
    assert router.process.is_running


def test_requests_in_the_queue_are_refused_and_the_running_stream_ends(folder):
    router = Router(folder)
    router.simulated_worker(MODEL, "--streams-max", "1", "--tokens-per-second", "20")
    stream = Stream(router, MODEL)
    clients = [Waiting(router, MODEL, stream=bool(index % 2)) for index in range(20)]
    wait_until_queued(router, clients)
    router.process.signal(signal.SIGTERM)
    for client in clients:
        status, retry_after, text = client.answer()
        assert status == 503
        assert retry_after == "1"
        assert json.loads(text)["error"]["message"] == "The server is shutting down."
    assert stream.transcript().types[-1] == "response.completed"
    assert router.process.wait() == 0
    router.stop()


def test_requests_in_the_queue_are_refused_when_their_worker_has_gone(folder):
    router = Router(folder)
    worker = router.simulated_worker(MODEL, "--streams-max", "1", "--tokens-per-second", "20")
    stream = Stream(router, MODEL)
    clients = [Waiting(router, MODEL, stream=True) for _ in range(5)]
    wait_until_queued(router, clients)
    worker.kill()
    assert stream.transcript().types[-1] == "response.failed"
    router.process.signal(signal.SIGTERM)
    assert {client.answer()[0] for client in clients} == {503}
    assert router.process.wait() == 0
    router.stop()


def test_a_stream_that_began_in_the_queue_is_told_how_it_ends(folder):
    router = Router(folder, "--drain-timeout", "1")
    router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS, "1", "1")
    stream = Stream(router, ENDLESS)
    client = Waiting(router, ENDLESS, stream=True)
    time.sleep(12)
    assert client.is_alive()
    router.process.signal(signal.SIGTERM)
    status, _, text = client.answer()
    assert status == 200
    # No prompt was made of it, so that there is no usage to check.
    events = list(parse(text.split("\n")))
    types = [event["type"] for event in events]
    assert types == ["response.created", "response.in_progress", "response.failed"]
    assert "shut down" in events[-1]["response"]["error"]["message"]
    assert stream.transcript().types[-1] == "response.failed"
    assert router.process.wait() == 0
    router.stop()


def test_background_responses_end_kept_whether_they_run_or_wait(folder):
    router = Router(folder, "--drain-timeout", "1")
    worker = router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS, "1", "1")
    stream = Stream(router, ENDLESS)
    connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=10)
    ids = []
    for _ in range(3):
        body = {"model": ENDLESS, "input": "Hi.", "background": True}
        connection.request("POST", "/v1/responses", json.dumps(body))
        ids.append(json.loads(connection.getresponse().read())["id"])
    router.process.signal(signal.SIGTERM)
    assert stream.transcript().types[-1] == "response.failed"
    assert router.process.wait() == 0
    connection.close()
    worker.kill()

    successor = Router(folder)
    for id in ids:
        status, body = successor.get(f"/v1/responses/{id}")
        assert status == 200
        response = json.loads(body)
        assert response["status"] == "failed"
        assert "shut down" in response["error"]["message"]
    successor.stop()


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
