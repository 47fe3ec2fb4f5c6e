"""A worker written from Protos/PROTOCOL.md and the .proto files alone, without the kit.

python page_worker.py MESSAGES [--listen] SOCKET

MESSAGES is the folder that protoc generated. The engine counts: a stream's tokens are 1, 2, 3, ….
"""

import json
import os
import random
import selectors
import signal
import socket
import struct
import sys
import time

sys.path.insert(0, sys.argv[1])

from hocket.v1 import administration_pb2 as administration  # noqa: E402
from hocket.v1 import connection_pb2 as connection  # noqa: E402
from hocket.v1 import generation_pb2 as generation  # noqa: E402
from hocket.v1 import status_pb2 as status  # noqa: E402

PREFACE = b"HOCK\x01\x00\r\n"
HEADER = struct.Struct("<IBBHII")
FRAME_BYTES_MAX, SUBMIT_BYTES_MAX = 1_048_576, 16_777_216
CONTEXT, STREAMS_MAX, VOCABULARY_SIZE = 4096, 100, 201_088
HELLO, HELLO_ACK, SUBMIT, ACCEPT, STEP, FINISH, CANCEL, CREDIT = range(1, 9)
PING, PONG, GOAWAY, STATUS, _EVENT, QUERY, REPLY, STREAM_ERROR, CONN_ERROR = range(9, 18)
# What a router may send once the worker is in.
MESSAGES = {
    HELLO: connection.Hello,
    HELLO_ACK: connection.HelloAck,
    SUBMIT: generation.Submit,
    CANCEL: generation.Cancel,
    CREDIT: generation.Credit,
    PING: connection.Ping,
    PONG: connection.Ping,
    GOAWAY: connection.GoAway,
    QUERY: administration.Query,
    STREAM_ERROR: status.Status,
    CONN_ERROR: status.Status,
}
OF_CONNECTION = {HELLO, HELLO_ACK, PING, PONG, GOAWAY, CONN_ERROR}
STREAM_ID_MAX = 2**31 - 1
INSTANCE = os.urandom(16)
leaving = False


class Broken(Exception):
    """An error of the connection: a code, and words."""


class Refused(Exception):
    """An error of a stream: its Status."""


class Stream:
    def __init__(self, submit, prompt):
        self.prompt = prompt
        self.credit = submit.credit_tokens
        self.sent = 0
        room = CONTEXT - len(prompt)
        self.limit = min(submit.sampling.output_tokens_max or room, room)
        self.stops = list(submit.sampling.stop_token_ids) or [200_002, 200_012]
        self.deadline = time.monotonic() + submit.deadline_ns / 1e9 if submit.deadline_ns else None

    def end(self):
        if self.sent in self.stops:
            return generation.FINISH_REASON_STOP
        if self.sent >= self.limit:
            return generation.FINISH_REASON_LENGTH
        if self.deadline and time.monotonic() >= self.deadline:
            return generation.FINISH_REASON_DEADLINE
        return None


class Connection:
    def __init__(self, link):
        link.setblocking(False)
        self.link, self.received, self.outgoing = link, b"", PREFACE
        self.router = self.ack = None
        self.prefaced = self.closing = self.refused = self.draining = False
        self.ends = None
        self.streams, self.newest, self.steps, self.status_due = {}, 0, 0, 0.0
        self.send(HELLO, self.hello())

    @staticmethod
    def hello():
        return connection.Hello(
            role=connection.ROLE_WORKER,
            instance_id=INSTANCE,
            name="from-the-page",
            build="page_worker",
            engine="counting",
            capabilities=[connection.CAPABILITY_QUERY],
            limits=connection.Limits(streams_max=STREAMS_MAX),
            models=[connection.Model(id="counting", context_tokens_max=CONTEXT)],
            vocabulary=connection.Vocabulary(
                name="o200k_harmony",
                size=VOCABULARY_SIZE,
                start_of_text_id=199_998,
                end_of_text_id=199_999,
                return_id=200_002,
                constrain_id=200_003,
                channel_id=200_005,
                start_id=200_006,
                end_id=200_007,
                message_id=200_008,
                call_id=200_012,
            ),
            clock=connection.Clock(mono_ns=time.monotonic_ns(), real_ns=time.time_ns()),
        )

    # Bytes.

    def serve(self):
        """Runs until the connection is over; returns whether to dial again."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.link, selectors.EVENT_READ)
            while True:
                writing = selectors.EVENT_WRITE if self.outgoing else 0
                selector.modify(self.link, selectors.EVENT_READ | writing)
                for _, events in selector.select(0.002 if self.streams else 0.05):
                    if events & selectors.EVENT_WRITE:
                        self.outgoing = self.outgoing[self.link.send(self.outgoing) :]
                    if events & selectors.EVENT_READ and not self.read():
                        return not self.refused
                self.work()
                done = self.closing or (self.draining and not self.streams)
                if done and not self.outgoing:
                    return not self.refused

    def read(self):
        data = self.link.recv(1 << 16)
        self.received += data
        try:
            while not self.closing and self.take():
                pass
        except Broken as error:
            code, words = error.args
            self.send(CONN_ERROR, status.Status(code=code, message=words))
            self.closing = True
        return bool(data)

    def take(self):
        """Takes what stands first in the received bytes, if it is whole."""
        if not self.prefaced:
            start = self.received[:8]
            known = [start[i : i + 1] in (b"", PREFACE[i : i + 1]) or i == 5 for i in range(8)]
            self.closing = not all(known)
            if all(known[:4]) and not known[4]:
                self.refused = True
                raise Broken(status.CODE_UNIMPLEMENTED, f"major version {start[4]}")
            self.prefaced = len(start) == 8
            self.received = self.received[8:] if self.prefaced else self.received
            return self.prefaced
        if len(self.received) < HEADER.size:
            return False
        length, kind, flags, reserved, stream, message = HEADER.unpack_from(self.received)
        self.check(length, kind, flags, reserved, message)
        end = HEADER.size + length
        if len(self.received) < end:
            return False
        body, self.received = self.received[HEADER.size : end], self.received[end:]
        if kind in MESSAGES:
            try:
                content = MESSAGES[kind].FromString(body[:message])
            except Exception as error:
                raise Broken(status.CODE_INVALID_ARGUMENT, "a message does not parse") from error
            self.handle(kind, stream, content, body[message:], end)
        return True

    @staticmethod
    def check(length, kind, flags, reserved, message):
        known = 1 <= kind <= CONN_ERROR
        if reserved or flags & ~1 or message > length:
            raise Broken(status.CODE_INVALID_ARGUMENT, "the header contradicts itself")
        if not known and not flags & 1:
            raise Broken(status.CODE_UNIMPLEMENTED, f"frame type {kind} is unknown")
        if known and kind not in MESSAGES:
            raise Broken(status.CODE_FAILED_PRECONDITION, f"type {kind} is not for a router to send")
        if known and kind != SUBMIT and message != length:
            raise Broken(status.CODE_INVALID_ARGUMENT, "only SUBMIT has a tail")
        if length > (SUBMIT_BYTES_MAX if kind == SUBMIT else FRAME_BYTES_MAX):
            raise Broken(status.CODE_RESOURCE_EXHAUSTED, f"a frame of {length} bytes")

    def send(self, kind, message, stream=0):
        body = message.SerializeToString()
        self.outgoing += HEADER.pack(len(body), kind, 0, 0, stream, len(body)) + body

    # Frames.

    def handle(self, kind, stream, message, tail, size):
        if (kind in OF_CONNECTION) != (stream == 0) or stream > STREAM_ID_MAX:
            raise Broken(status.CODE_FAILED_PRECONDITION, f"type {kind} on stream {stream}")
        if kind == CONN_ERROR:
            self.closing, self.refused = True, not message.retryable
        elif kind == HELLO and not self.router:
            if message.role != connection.ROLE_ROUTER:
                raise Broken(status.CODE_INVALID_ARGUMENT, "a worker's peer is a router")
            if message.vocabulary.size != VOCABULARY_SIZE:
                self.refused = True
                raise Broken(status.CODE_FAILED_PRECONDITION, "another vocabulary")
            self.router = message
        elif kind == HELLO_ACK and self.router and not self.ack:
            self.ack = message
        elif not self.ack or kind in (HELLO, HELLO_ACK):
            raise Broken(status.CODE_FAILED_PRECONDITION, f"type {kind} is out of place")
        elif kind == SUBMIT:
            self.submit(stream, message, tail, size)
        elif kind == PING:
            self.send(PONG, connection.Ping(nonce=message.nonce, mono_ns=time.monotonic_ns()))
        elif kind == GOAWAY:
            self.draining, self.refused = True, message.reason == connection.GO_AWAY_REASON_REPLACED
            if message.grace_ms:
                self.ends = time.monotonic() + message.grace_ms / 1000
        elif kind == QUERY:
            self.open_id(stream)
            self.send(CREDIT, generation.Credit(amount=size))
            self.send(REPLY, self.reply(message), stream)
        elif kind != PONG:
            self.on_stream(kind, stream, message)

    def open_id(self, stream):
        if stream % 2 == 0 or stream <= self.newest:
            raise Broken(status.CODE_FAILED_PRECONDITION, f"{stream} opened after {self.newest}")
        self.newest = stream

    def submit(self, stream, submit, tail, size):
        self.open_id(stream)
        self.send(CREDIT, generation.Credit(amount=size))
        if len(submit.request_id) != 16:
            raise Broken(status.CODE_INVALID_ARGUMENT, "request_id has not sixteen bytes")
        if len(tail) % 4:
            raise Broken(status.CODE_INVALID_ARGUMENT, f"a prompt of {len(tail)} bytes")
        prompt = struct.unpack(f"<{len(tail) // 4}I", tail)
        try:
            self.admit(submit, prompt)
        except Refused as refused:
            self.send(STREAM_ERROR, refused.args[0], stream)
            return
        self.streams[stream] = Stream(submit, prompt)
        self.send(ACCEPT, generation.Accept(), stream)

    def admit(self, submit, prompt):
        def refuse(code, message, param="", retryable=False):
            raise Refused(
                status.Status(code=code, message=message, param=param, retryable=retryable)
            )

        if self.draining:
            refuse(status.CODE_UNAVAILABLE, "the worker leaves", retryable=True)
        if len(self.streams) >= STREAMS_MAX:
            refuse(status.CODE_RESOURCE_EXHAUSTED, f"{STREAMS_MAX} streams run", retryable=True)
        if submit.model not in ("", "counting"):
            refuse(status.CODE_NOT_FOUND, f"no model {submit.model}", "model")
        wish = submit.sampling
        beyond = {
            "text.format": submit.HasField("constraint"),
            "service_tier": submit.priority,
            "prompt_cache_key": submit.cache_salt,
            "top_logprobs": wish.logprobs or wish.top_logprobs,
            "seed": wish.HasField("seed"),
            "frequency_penalty": wish.frequency_penalty,
            "presence_penalty": wish.presence_penalty,
            "repetition_penalty": wish.repetition_penalty not in (0, 1),
            "logit_bias": wish.logit_bias_ids,
        }
        for param in filter(beyond.get, beyond):
            refuse(status.CODE_UNIMPLEMENTED, "the engine only counts", param)
        if not 1 <= len(prompt) < CONTEXT:
            refuse(status.CODE_INVALID_ARGUMENT, f"{len(prompt)} tokens of {CONTEXT}", "input")
        if max(prompt) >= VOCABULARY_SIZE:
            refuse(status.CODE_INVALID_ARGUMENT, f"token {max(prompt)} is unknown", "input")

    def on_stream(self, kind, stream, message):
        if stream % 2 == 0 or stream > self.newest:
            raise Broken(status.CODE_FAILED_PRECONDITION, f"stream {stream} was never opened")
        if stream not in self.streams:
            return
        if kind == CREDIT:
            self.streams[stream].credit += message.amount
        elif kind == CANCEL:
            self.finish(stream, generation.FINISH_REASON_CANCELLED)
        else:
            del self.streams[stream]

    @staticmethod
    def reply(query):
        if query.method == "describe":
            return administration.Reply(result=json.dumps({"engine": "counting"}).encode())
        unknown = status.Status(code=status.CODE_UNIMPLEMENTED, message="unknown method")
        return administration.Reply(status=unknown)

    # Work.

    def work(self):
        if leaving and not self.draining:
            self.draining = True
            if self.ack:
                reason = connection.GO_AWAY_REASON_SHUTDOWN
                goaway = connection.GoAway(last_stream_id=self.newest, reason=reason)
                self.send(GOAWAY, goaway)
        if not self.ack or self.closing:
            return
        if self.ends and time.monotonic() >= self.ends:
            self.closing = True
        if time.monotonic() >= self.status_due:
            self.report()
        rows = [id for id, stream in sorted(self.streams.items()) if stream.credit]
        rows_max = self.router.limits.step_rows_max or 4096
        for start in range(0, len(rows), rows_max):
            self.step(rows[start : start + rows_max])
        for id, stream in list(self.streams.items()):
            if reason := stream.end():
                self.finish(id, reason)

    def step(self, rows):
        self.steps += 1
        for id in rows:
            self.streams[id].sent += 1
            self.streams[id].credit -= 1
        step = generation.Step(
            step=self.steps,
            mono_ns=time.monotonic_ns(),
            stream_deltas=[id - before for before, id in zip([0, *rows], rows, strict=False)],
            token_ids=[self.streams[id].sent for id in rows],
        )
        self.send(STEP, step)

    def finish(self, id, reason):
        stream = self.streams.pop(id)
        usage = generation.Usage(prompt_tokens=len(stream.prompt), output_tokens=stream.sent)
        finish = generation.Finish(reason=reason, usage=usage, emitted_tokens=stream.sent)
        if reason == generation.FINISH_REASON_STOP:
            finish.matched_stop_id = stream.sent
        self.send(FINISH, finish, id)

    def report(self):
        self.status_due = time.monotonic() + (self.ack.status_interval_ms or 1000) / 1000
        health = connection.HEALTH_DRAINING if self.draining else connection.HEALTH_SERVING
        self.send(
            STATUS,
            connection.WorkerStatus(
                health=health, running_streams=len(self.streams), mono_ns=time.monotonic_ns()
            ),
        )


def serve(link):
    try:
        return Connection(link).serve()
    except OSError:
        return True


def dial(path):
    pause, again = 0.1, True
    while again and not leaving:
        with socket.socket(socket.AF_UNIX) as link:
            try:
                link.connect(path)
                again, pause = serve(link), 0.1
            except OSError:
                pause = min(2 * pause, 2.0)
        time.sleep(pause * random.uniform(0.5, 1.0))


def listen(path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        while not leaving:
            link, _ = listener.accept()
            with link:
                serve(link)


def leave(*_):
    global leaving
    leaving = True


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    (listen if "--listen" in sys.argv else dial)(sys.argv[-1])
