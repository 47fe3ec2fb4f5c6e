"""Responses over a WebSocket, as the SDK's `client.responses.connect()` asks for them."""

import contextlib
import json
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
import websockets.exceptions
from openai.resources.responses.responses import ResponsesConnection

from event_stream import Event
from open_responses import OpenTranscript
from processes import MODEL, Router
from songs import ASK_WEATHER, WEATHER
from transcript import Transcript, text_of

HERE = Path(__file__).parent
ENDLESS = "endless"
TERMINAL = {"response.completed", "response.incomplete", "response.failed"}
NOT_FOUND = "previous_response_not_found"


class Socket:
    """A client's socket, on which every response is checked from its first event to its last."""

    def __init__(self, connection: ResponsesConnection, transcript: type[Transcript]) -> None:
        self.connection = connection
        self._transcript = transcript

    def send(self, **request) -> None:
        self.connection.send({"type": "response.create", "model": MODEL} | request)

    def receive(self) -> Event:
        return json.loads(self.connection.recv_bytes())

    def response(self) -> Transcript:
        events = [self.receive()]
        while events[-1]["type"] not in TERMINAL:
            events.append(self.receive())
        return self._transcript(events)

    def turn(self, **request) -> dict:
        """One response that ends well."""
        self.send(**{"input": "Sing.", "store": False} | request)
        response = self.response().response
        assert response["status"] == "completed"
        return response

    def refusal(self, **request) -> dict:
        """The error of a message that is not answered by a response."""
        self.send(**{"input": "Sing."} | request)
        return self.error()

    def error(self) -> dict:
        event = self.receive()
        assert event["type"] == "error"
        assert set(event) == {"type", "status", "error"}
        assert set(event["error"]) == {"message", "type", "param", "code"}
        return event["error"] | {"status": event["status"]}

    def closing(self) -> int:
        with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
            while True:
                self.receive()
        assert closed.value.rcvd is not None, "no closing came"
        return closed.value.rcvd.code


@contextlib.contextmanager
def connected(router: Router, path: str = "v1", key: str = "none") -> Iterator[Socket]:
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{router.port}/{path}", api_key=key)
    with client.responses.connect() as connection:
        yield Socket(connection, OpenTranscript if path.startswith("open") else Transcript)


@pytest.fixture(params=["v1", "openresponses/v1"])
def path(request) -> str:
    return request.param


@pytest.fixture
def client(shared_router, path) -> Iterator[Socket]:
    with connected(shared_router, path) as client:
        yield client


# The cases of Open Responses.


def test_a_response_comes_over_a_websocket(client):
    assert text_of(client.turn()["output"][-1])


def test_turns_follow_each_other_on_one_socket(client):
    assert client.turn()["id"] != client.turn()["id"]


def test_a_turn_that_is_not_kept_is_continued_on_its_socket(client):
    first = client.turn()
    second = client.turn(previous_response_id=first["id"])
    assert second["previous_response_id"] == first["id"]
    third = client.turn(previous_response_id=second["id"])
    lengths = [turn["usage"]["input_tokens"] for turn in (first, second, third)]
    assert lengths[0] < lengths[1] < lengths[2]


def test_a_new_chain_begins_with_a_compaction(client, shared_router, path):
    url = f"http://127.0.0.1:{shared_router.port}/{path}"
    with openai.OpenAI(base_url=url, api_key="none", max_retries=0) as sdk:
        raw = sdk.responses.with_raw_response.compact(model=MODEL, input="Sing.")
    output = json.loads(raw.content)["output"]
    client.turn(input=[*output, {"role": "user", "content": "Sing on."}])


def test_a_turn_that_is_not_kept_is_unknown_on_another_socket(shared_router, path):
    with connected(shared_router, path) as client:
        first = client.turn()
    with connected(shared_router, path) as client:
        error = client.refusal(previous_response_id=first["id"])
        assert (error["status"], error["code"]) == (400, NOT_FOUND)
        client.turn()


def test_an_unknown_turn_is_not_continued(client):
    error = client.refusal(previous_response_id="resp_00000000000000000000000000000000")
    assert (error["status"], error["code"]) == (400, NOT_FOUND)
    assert error["param"] == "previous_response_id"


def test_a_continuation_that_fails_leaves_nothing_to_continue(client):
    first = client.turn()
    output = {"type": "function_call_output", "call_id": "call_unknown", "output": "17 degrees"}
    error = client.refusal(previous_response_id=first["id"], input=[output], store=False)
    assert error["status"] == 400
    assert "call_unknown" in error["message"]
    assert client.refusal(previous_response_id=first["id"], store=False)["code"] == NOT_FOUND
    client.turn()


# What else clients do.


def test_a_kept_turn_is_continued_everywhere(client, shared_router):
    first = client.turn(store=True)
    client.turn()
    client.turn(previous_response_id=first["id"])
    with connected(shared_router) as other:
        other.turn(previous_response_id=first["id"])


def test_tools_are_called_and_answered(client):
    call = client.turn(input=ASK_WEATHER, tools=[WEATHER])["output"][-1]
    assert call["type"] == "function_call"


def test_a_call_of_a_turn_that_is_not_kept_is_answered(client):
    first = client.turn(input=ASK_WEATHER, tools=[WEATHER])
    call = first["output"][-1]
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "17 degrees"}
    second = client.turn(input=[output], tools=[WEATHER], previous_response_id=first["id"])
    assert "17 degrees" in text_of(second["output"][-1])


def test_the_sdk_reads_the_events_as_its_own(shared_router):
    client = openai.OpenAI(base_url=shared_router.url, api_key="none")
    with client.responses.connect() as connection:
        connection.response.create(model=MODEL, input="Sing.", store=False)
        text = ""
        for event in connection:
            if event.type == "response.output_text.delta":
                text += event.delta
            if event.type == "response.completed":
                assert event.response.output_text == text != ""
                break


def test_what_is_not_served_is_told_and_the_socket_stays(client):
    client.connection._connection.send("{")
    assert client.error()["code"] == "invalid_json"
    client.connection.send({"type": "response.steer", "response_id": "resp_1", "input": []})
    steering = client.error()
    assert (steering["status"], steering["param"]) == (400, "type")
    assert "response.create" in steering["message"]
    assert client.refusal(background=True)["param"] == "background"
    assert client.refusal(model="unknown")["status"] == 404
    client.turn()


def test_a_handshake_needs_a_key_that_holds():
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        keys = Path(folder) / "keys"
        keys.write_text("secret\n")
        keys.chmod(0o600)
        router = Router(Path(folder), "--api-keys", str(keys))
        try:
            router.simulated_worker(MODEL, "--tokens-per-second", "2000")
            with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
                with connected(router, key="other"):
                    pass
            assert refused.value.response.status_code == 401
            with connected(router, key="secret") as client:
                client.turn()
        finally:
            router.stop()


# How sockets end.


def begun(router: Router, client: Socket, model: str = ENDLESS) -> list[Event]:
    """The first events of a response that goes on."""
    client.send(model=model, input="Sing on.")
    events = [client.receive() for _ in range(10)]
    assert events[-1]["type"] == "response.output_text.delta"
    return events


@pytest.mark.parametrize("leave", ["with a closing", "without a word"])
def test_a_client_that_leaves_cancels_its_response(router, leave):
    worker = router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
    with connected(router) as client:
        begun(router, client)
        if leave == "without a word":
            client.connection._connection.socket.shutdown(socket.SHUT_RDWR)
            worker.wait_until(lambda: "cancelled" in worker.output, "cancelled")
    worker.wait_until(lambda: "cancelled" in worker.output, "cancelled")


def test_a_client_that_takes_nothing_is_cut_off():
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder), "--slow-client-timeout", "2")
        worker = router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS, "200")
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        slow.connect(("127.0.0.1", router.port))
        slow.sendall(
            b"GET /v1/responses HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        request = {"type": "response.create", "model": ENDLESS, "input": "Sing on."}
        slow.sendall(frame(json.dumps(request)))
        worker.wait_until(lambda: "cancelled" in worker.output, "rid of it", 60)
        metrics = router.get("/metrics")[1].decode()
        assert "hocket_http_slow_clients_total 1" in metrics.splitlines()
        slow.close()
        router.stop()


def frame(text: str) -> bytes:
    """A short message, masked with nothing."""
    payload = text.encode()
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def test_a_shutdown_closes_idle_sockets_and_lets_responses_end(router):
    router.simulated_worker(MODEL, "--tokens-per-second", "30")
    with connected(router) as idle, connected(router) as busy:
        busy.send(input="Sing.")
        events = [busy.receive() for _ in range(5)]
        busy.send(input="Sing again.")
        router.process.signal(signal.SIGTERM)
        assert idle.closing() == 1001
        router.wait_until_not_ready()
        with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
            with connected(router):
                pass
        assert refused.value.response.status_code == 503
        while events[-1]["type"] not in TERMINAL:
            events.append(busy.receive())
        # What waits is refused at once, in the middle of the response.
        refusals = [event for event in events if event["type"] == "error"]
        assert [refusal["status"] for refusal in refusals] == [503]
        assert "shutting down" in refusals[0]["error"]["message"]
        told = [event for event in events if event["type"] != "error"]
        assert Transcript(told).response["status"] == "completed"
        assert busy.closing() == 1001
    assert router.process.wait() == 0


def test_a_response_that_takes_too_long_at_the_end_fails():
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder), "--drain-timeout", "1")
        router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
        with connected(router) as client:
            events = begun(router, client)
            router.process.signal(signal.SIGTERM)
            while events[-1]["type"] not in TERMINAL:
                events.append(client.receive())
            transcript = Transcript(events)
            assert transcript.types[-1] == "response.failed"
            assert "shut down" in transcript.response["error"]["message"]
            assert client.closing() == 1001
        assert router.process.wait() == 0
        router.stop()


def test_sockets_and_their_messages_are_counted(router):
    router.simulated_worker(MODEL, "--tokens-per-second", "2000")

    def metrics() -> list[str]:
        return router.get("/metrics")[1].decode().splitlines()

    with connected(router) as client:
        client.turn()
        client.refusal(model="unknown")
        assert "hocket_http_web_sockets 1.0" in metrics()
        assert 'hocket_http_messages_total{status="200"} 1' in metrics()
        assert 'hocket_http_messages_total{status="404"} 1' in metrics()
        route = 'hocket_http_requests_total{route="/v1/responses",status="101"} 1'
        assert route in metrics()
    router.process.wait_until(lambda: "hocket_http_web_sockets 0.0" in metrics(), "closed")
