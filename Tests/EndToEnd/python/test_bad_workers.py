"""Workers that break the protocol: a typed error ends what they broke, and the router goes on."""

import os
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest
from hocket_worker import Code, Identity, Model
from hocket_worker.frames import FRAME_BYTES_MAX, HEADER, PREFACE, Decoder, Frame, Type, encode
from hocket_worker.hello import hello
from hocket_worker.v1 import connection_pb2, generation_pb2, status_pb2

from processes import Router

MODEL = "broken"
SECONDS_MAX = 10
LA = 557


class BadWorker:
    """A connection to the router's worker socket, and full control over what is sent on it."""

    def __init__(self, path) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(SECONDS_MAX)
        self._connection.connect(str(path))
        self._decoder = Decoder()
        self._frames: list[Frame] = []

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def attach(self, **changes) -> None:
        self.send(PREFACE + encode(Type.HELLO, greeting(**changes)))
        self.receive(Type.HELLO_ACK)

    def receive(self, type: Type) -> Frame:
        """The next frame of a type."""
        while True:
            while self._frames:
                frame = self._frames.pop(0)
                if frame.type is type:
                    return frame
            data = self._connection.recv(65536)
            assert data, f"the router hung up before {type.name}"
            self._frames = self._decoder.feed(data)

    def is_left(self) -> bool:
        """Whether the router closes the connection."""
        try:
            while data := self._connection.recv(65536):
                self._frames += self._decoder.feed(data)
        except ConnectionResetError:
            pass
        return True

    def accept(self):
        """Waits for SUBMIT and accepts its stream."""
        submit = self.receive(Type.SUBMIT)
        self.send(encode(Type.ACCEPT, generation_pb2.Accept(), submit.stream))
        return submit

    def close(self) -> None:
        self._connection.close()


def greeting(**changes) -> connection_pb2.Hello:
    model = Model(name=MODEL, context_tokens_max=100_000, engine="broken")
    # A name of its own: the connection of the test before may not have been noticed gone.
    message = hello(model, Identity(os.urandom(4).hex()), mono_ns=1)
    message.MergeFrom(connection_pb2.Hello(**changes))
    return message


def step(stream: int, tokens: list[int]) -> bytes:
    table = generation_pb2.Step(stream_deltas=[stream], counts=[len(tokens)], token_ids=tokens)
    return encode(Type.STEP, table)


@pytest.fixture
def router() -> Iterator[Router]:
    """One in which requests wait a second for a worker to come back, not half a minute."""
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder), "--queue-wait", "1")
        yield router
        router.stop()


@pytest.fixture
def client(router, connect) -> openai.OpenAI:
    """Of a router that a well-behaved worker serves too."""
    router.simulated_worker("well")
    return connect(router)


@pytest.fixture
def worker(router, client):
    worker = BadWorker(router.socket)
    yield worker
    worker.close()


@pytest.fixture(autouse=True)
def router_goes_on(router, client):
    yield
    assert router.process.is_running
    assert "well" in [model.id for model in client.models.list()]


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"HOCK\x63\x00\r\n",
        PREFACE + HEADER.pack(FRAME_BYTES_MAX + 1, Type.HELLO, 0, 0, 0, 4),
        PREFACE + HEADER.pack(2**32 - 1, Type.HELLO, 0, 0, 0, 2**32 - 1),
        PREFACE + HEADER.pack(4, Type.HELLO, 0, 0, 0, 5) + b"\0" * 4,
        PREFACE + HEADER.pack(0, Type.HELLO, 0, 7, 0, 0),
        PREFACE + HEADER.pack(3, Type.HELLO, 0, 0, 0, 3) + b"\xff\xff\xff",
        PREFACE + encode(Type.STATUS, connection_pb2.WorkerStatus()),
        PREFACE + encode(Type.HELLO, greeting(vocabulary={"size": 50_257})),
        PREFACE + encode(Type.HELLO, greeting(role=connection_pb2.ROLE_ROUTER)),
    ],
    ids=[
        "http",
        "major version",
        "oversized",
        "huge",
        "bad length",
        "reserved",
        "not protobuf",
        "before HELLO",
        "vocabulary",
        "role",
    ],
)
def test_a_peer_that_cannot_introduce_itself_is_told_why_and_left(worker, data):
    worker.send(data)
    assert worker.receive(Type.CONN_ERROR).message.message
    assert worker.is_left()


@pytest.mark.parametrize(
    "frame",
    [
        HEADER.pack(0, 99, 0, 0, 0, 0),
        HEADER.pack(FRAME_BYTES_MAX + 1, Type.STEP, 0, 0, 0, 0),
        encode(Type.HELLO, greeting()),
        encode(Type.SUBMIT, generation_pb2.Submit(), 1),
        encode(Type.CANCEL, generation_pb2.Cancel(), 1),
        encode(Type.FINISH, generation_pb2.Finish(), 1),
        step(1, [LA]),
        encode(Type.STEP, generation_pb2.Step(stream_deltas=[1], counts=[3], token_ids=[LA])),
        encode(Type.STEP, generation_pb2.Step(stream_deltas=[0], token_ids=[LA])),
    ],
    ids=[
        "unknown type",
        "oversized",
        "HELLO again",
        "SUBMIT",
        "CANCEL",
        "FINISH of no stream",
        "STEP of no stream",
        "columns of unequal length",
        "stream zero",
    ],
)
def test_a_worker_that_breaks_the_rules_is_told_why_and_left(worker, frame):
    worker.attach()
    worker.send(frame)
    assert worker.receive(Type.CONN_ERROR).message.code != Code.CODE_OK
    assert worker.is_left()


def test_an_unknown_frame_that_may_be_ignored_is(worker):
    worker.attach()
    worker.send(HEADER.pack(3, 99, 1, 0, 0, 0) + b"xyz")
    worker.send(encode(Type.PING, connection_pb2.Ping(nonce=9)))
    assert worker.receive(Type.PONG).message.nonce == 9


@pytest.fixture
def ask(client):
    """Asks the bad worker's model for a whole response, in the background."""

    def create(**request) -> dict:
        try:
            return client.responses.create(model=MODEL, input="Sing.", **request).to_dict()
        except openai.APIStatusError as error:
            return {"status": "failed", "error": error.body}

    with ThreadPoolExecutor(8) as pool:
        yield lambda **request: pool.submit(create, **request)


def test_tokens_beyond_the_credit_end_the_stream_only(worker, ask):
    worker.attach()
    asked = ask()
    submit = worker.accept()
    worker.send(step(submit.stream, [LA] * (submit.message.credit_tokens + 1)))
    refusal = worker.receive(Type.STREAM_ERROR)
    assert (refusal.stream, refusal.message.code) == (submit.stream, Code.CODE_RESOURCE_EXHAUSTED)
    assert asked.result(SECONDS_MAX)["status"] == "failed"
    worker.send(encode(Type.PING, connection_pb2.Ping(nonce=3)))
    assert worker.receive(Type.PONG).message.nonce == 3


def test_a_token_that_was_lost_on_the_way_is_never_silent(worker, ask):
    worker.attach()
    asked = ask()
    submit = worker.accept()
    worker.send(step(submit.stream, [200_005, 17_196, 200_008, LA, 200_002]))
    reason = generation_pb2.FINISH_REASON_STOP
    finish = generation_pb2.Finish(reason=reason, emitted_tokens=6)
    worker.send(encode(Type.FINISH, finish, submit.stream))
    assert asked.result(SECONDS_MAX)["status"] == "failed"


def test_log_probabilities_that_were_agreed_on_and_do_not_come_are_a_failure(worker, ask):
    offered = [connection_pb2.CAPABILITY_LOGPROBS, connection_pb2.CAPABILITY_TOP_LOGPROBS]
    worker.attach(capabilities=offered)
    asked = ask(include=["message.output_text.logprobs"], top_logprobs=3)
    submit = worker.accept()
    worker.send(step(submit.stream, [200_005, 17_196, 200_008, LA, 200_002]))
    answer = asked.result(SECONDS_MAX)
    assert answer["status"] == "failed"
    assert "lack the log probabilities" in answer["error"]["message"]


def test_a_stream_error_becomes_the_error_of_the_response(worker, ask):
    worker.attach()
    asked = ask()
    submit = worker.receive(Type.SUBMIT)
    status = status_pb2.Status(code=Code.CODE_RESOURCE_EXHAUSTED, message="out of memory")
    worker.send(encode(Type.STREAM_ERROR, status, submit.stream))
    answer = asked.result(SECONDS_MAX)
    assert answer["status"] == "failed"
    assert "out of memory" in answer["error"]["message"]


def test_workers_that_vanish_while_they_are_asked_cost_only_their_requests(router, ask):
    """Some SUBMITs are then written to a closed socket, with frames of the worker still unread."""
    for _ in range(20):
        worker = BadWorker(router.socket)
        worker.attach()
        requests = [ask() for _ in range(8)]
        worker.receive(Type.SUBMIT)
        worker.send(encode(Type.PING, connection_pb2.Ping(nonce=1)) * 20)
        worker.close()
        assert {asked.result(SECONDS_MAX)["status"] for asked in requests} == {"failed"}
