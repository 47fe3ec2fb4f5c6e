"""A router for tests: it speaks frames on one connection and remembers what it was told."""

import socket
from array import array
from collections import defaultdict

from hocket_worker import frames
from hocket_worker.frames import Type, encode
from hocket_worker.hello import VOCABULARY
from hocket_worker.v1 import connection_pb2, generation_pb2

CREDIT_TOKENS = 4096


def tail(tokens: list[int]) -> bytes:
    return array("I", tokens).tobytes()


def hello(**changes) -> bytes:
    fields = {"role": connection_pb2.ROLE_ROUTER, "vocabulary": VOCABULARY} | changes
    return frames.PREFACE + encode(Type.HELLO, connection_pb2.Hello(**fields))


def hello_ack(**changes) -> bytes:
    everything = connection_pb2.Capability.values()
    fields = {"worker_id": "test", "status_interval_ms": 1000, "capabilities": everything} | changes
    return encode(Type.HELLO_ACK, connection_pb2.HelloAck(**fields))


def submit(stream: int, prompt: list[int], **changes) -> bytes:
    fields = {"request_id": bytes(16), "credit_tokens": CREDIT_TOKENS} | changes
    return encode(Type.SUBMIT, generation_pb2.Submit(**fields), stream, tail(prompt))


def cancel(stream: int) -> bytes:
    return encode(Type.CANCEL, generation_pb2.Cancel(), stream)


def credit(stream: int, amount: int) -> bytes:
    return encode(Type.CREDIT, generation_pb2.Credit(amount=amount), stream)


def ping(nonce: int) -> bytes:
    return encode(Type.PING, connection_pb2.Ping(nonce=nonce))


def rows(step: generation_pb2.Step) -> dict[int, list[int]]:
    """The columns of a STEP as tokens by stream, read as the schema describes them."""
    counts = list(step.counts) or [1] * len(step.stream_deltas)
    stream, start, table = 0, 0, {}
    for delta, count in zip(step.stream_deltas, counts, strict=True):
        stream += delta
        table[stream] = list(step.token_ids[start : start + count])
        start += count
    assert start == len(step.token_ids)
    return table


class Transcript:
    """What a worker sent, in order, and the tokens by stream."""

    def __init__(self) -> None:
        self.frames: list[frames.Frame] = []
        self.tokens: dict[int, list[int]] = defaultdict(list)
        self._decoder = frames.Decoder()

    def feed(self, data: bytes) -> list[frames.Frame]:
        new = self._decoder.feed(data)
        self.frames += new
        for frame in new:
            if frame.type is Type.STEP:
                for stream, tokens in rows(frame.message).items():
                    self.tokens[stream] += tokens
        return new

    def of(self, *types: Type) -> list[frames.Frame]:
        return [frame for frame in self.frames if frame.type in types]


class FakeRouter:
    """Accepts one worker at a time on a Unix socket, with a limit on every wait."""

    def __init__(self, path: str, seconds_max: float = 60) -> None:
        self._seconds_max = seconds_max
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen()
        self._listener.settimeout(seconds_max)

    def connect(self) -> None:
        """Waits for a worker, and says nothing."""
        self.transcript = Transcript()
        self._read = 0
        self.connection, _ = self._listener.accept()
        self.connection.settimeout(self._seconds_max)

    def accept(self, ack: bytes | None = None) -> None:
        self.connect()
        self.send(hello() + (hello_ack() if ack is None else ack))

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def receive_until(self, *types: Type) -> frames.Frame:
        """The next frame of one of the types; those before it stay in the transcript."""
        while True:
            for frame in self.transcript.frames[self._read :]:
                self._read += 1
                if frame.type in types:
                    return frame
            data = self.connection.recv(1 << 16)
            assert data, f"the worker hung up before {types}"
            self.transcript.feed(data)

    def receive_to_end(self) -> None:
        while data := self.connection.recv(1 << 16):
            self.transcript.feed(data)

    def close(self) -> None:
        self.connection.close()
        self._listener.close()
