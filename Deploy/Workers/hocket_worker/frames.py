"""Frames: an eight-byte preface, then 16-byte headers with a message and a raw tail behind each."""

from enum import IntEnum
from struct import Struct
from typing import NamedTuple

from google.protobuf.message import DecodeError, Message

from .errors import Code, ProtocolViolation
from .v1 import administration_pb2, connection_pb2, generation_pb2, status_pb2

MAJOR, MINOR = 1, 0
PREFACE = bytes([*b"HOCK", MAJOR, MINOR, *b"\r\n"])
# length, type, flags, reserved, stream, length of the message within the length
HEADER = Struct("<IBBHII")
IGNORABLE = 0x01
FRAME_BYTES_MAX = 1 << 20
SUBMIT_BYTES_MAX = 16 << 20
HELLO_BYTES_MAX = 1 << 16
PROMPT_TOKENS_MAX = 1 << 20


class Type(IntEnum):
    HELLO = 1
    HELLO_ACK = 2
    SUBMIT = 3
    ACCEPT = 4
    STEP = 5
    FINISH = 6
    CANCEL = 7
    CREDIT = 8
    PING = 9
    PONG = 10
    GOAWAY = 11
    STATUS = 12
    EVENT = 13
    QUERY = 14
    REPLY = 15
    STREAM_ERROR = 16
    CONN_ERROR = 17


MESSAGES: dict[int, type[Message]] = {
    Type.HELLO: connection_pb2.Hello,
    Type.HELLO_ACK: connection_pb2.HelloAck,
    Type.SUBMIT: generation_pb2.Submit,
    Type.ACCEPT: generation_pb2.Accept,
    Type.STEP: generation_pb2.Step,
    Type.FINISH: generation_pb2.Finish,
    Type.CANCEL: generation_pb2.Cancel,
    Type.CREDIT: generation_pb2.Credit,
    Type.PING: connection_pb2.Ping,
    Type.PONG: connection_pb2.Ping,
    Type.GOAWAY: connection_pb2.GoAway,
    Type.STATUS: connection_pb2.WorkerStatus,
    Type.EVENT: administration_pb2.Event,
    Type.QUERY: administration_pb2.Query,
    Type.REPLY: administration_pb2.Reply,
    Type.STREAM_ERROR: status_pb2.Status,
    Type.CONN_ERROR: status_pb2.Status,
}


class Frame(NamedTuple):
    type: Type
    stream: int
    message: Message
    tail: bytes
    # On the wire, header included: what a SUBMIT costs of the byte window.
    size: int


def encode(type: Type, message: Message, stream: int = 0, tail: bytes = b"") -> bytes:
    body = message.SerializeToString()
    return HEADER.pack(len(body) + len(tail), type, 0, 0, stream, len(body)) + body + tail


class Decoder:
    """Cuts received bytes into frames; raises `ProtocolViolation` at the first bad one."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._prefaced = False

    def feed(self, data: bytes) -> list[Frame]:
        self._bytes += data
        frames = []
        while (self._prefaced or self._take_preface()) and len(self._bytes) >= HEADER.size:
            header = HEADER.unpack_from(self._bytes)
            self._check(*header)
            size = HEADER.size + header[0]
            if len(self._bytes) < size:
                break
            frames += self._decode(size, *header)
            del self._bytes[:size]
        return frames

    def _take_preface(self) -> bool:
        start = bytes(self._bytes[: len(PREFACE)])
        known = slice(0, 5)  # the minor version may be any; it is negotiated in HELLO
        if start[known] != PREFACE[known][: len(start)] or start[6:] != PREFACE[6 : len(start)]:
            raise ProtocolViolation(
                f"the peer does not speak hocket/{MAJOR}: it began with {start!r}",
                Code.CODE_UNIMPLEMENTED,
                # One of another major version will not speak this one the next time either.
                final=len(start) > 4 and start[:4] == PREFACE[:4] and start[4] != MAJOR,
            )
        if len(start) == len(PREFACE):
            del self._bytes[: len(PREFACE)]
            self._prefaced = True
        return self._prefaced

    @staticmethod
    def _check(length: int, type: int, flags: int, reserved: int, stream: int, meta: int) -> None:
        limits = {Type.SUBMIT: SUBMIT_BYTES_MAX, Type.HELLO: HELLO_BYTES_MAX}
        if length > (limit := limits.get(type, FRAME_BYTES_MAX)):
            raise ProtocolViolation(f"a frame of type {type} is {length} bytes long, over {limit}")
        has_tail = meta < length and type in MESSAGES
        if meta > min(length, FRAME_BYTES_MAX) or (has_tail and type != Type.SUBMIT):
            raise ProtocolViolation(f"type {type}: a message of {meta} bytes in a body of {length}")
        if reserved or flags & ~IGNORABLE:
            raise ProtocolViolation(f"reserved bits in the header of a frame of type {type}")

    def _decode(self, size, length, type, flags, reserved, stream, meta) -> list[Frame]:
        if type not in MESSAGES:
            if flags & IGNORABLE:
                return []
            raise ProtocolViolation(f"unknown frame type {type}", Code.CODE_UNIMPLEMENTED)
        body = bytes(self._bytes[HEADER.size : size])
        try:
            message = MESSAGES[type].FromString(body[:meta])
        except DecodeError as error:
            raise ProtocolViolation(f"malformed {Type(type).name}: {error}") from error
        return [Frame(Type(type), stream, message, body[meta:], size)]
