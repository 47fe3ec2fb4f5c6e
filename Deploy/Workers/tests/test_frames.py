"""The bytes of the wire."""

from pathlib import Path

import pytest

from hocket_worker.errors import ProtocolViolation
from hocket_worker.frames import FRAME_BYTES_MAX, HEADER, PREFACE, Decoder, Type, encode
from hocket_worker.logprobs import TokenLogprob
from hocket_worker.streams import Row, columns
from hocket_worker.v1.connection_pb2 import Ping
from hocket_worker.v1.generation_pb2 import Submit

PING = encode(Type.PING, Ping(nonce=7))
GOLDEN = Path(__file__).parents[3] / "Protos" / "golden" / "v1"
GOLDEN_FRAMES = sorted(path for path in GOLDEN.glob("*.bin") if path.stem != "preface")
SUBMIT = encode(Type.SUBMIT, Submit(model="m"), 3, b"\x01\x00\x00\x00")


def test_preface_is_the_documented_eight_bytes():
    assert (GOLDEN / "preface.bin").read_bytes() == PREFACE == b"HOCK\x01\x00\r\n"


@pytest.mark.parametrize("path", GOLDEN_FRAMES, ids=lambda path: path.stem)
def test_frames_are_the_bytes_that_every_implementation_makes(path):
    data = path.read_bytes()
    (frame,) = Decoder().feed(PREFACE + data)
    assert frame.size == len(data)
    again = encode(frame.type, frame.message, frame.stream, frame.tail)
    flags = slice(5, 6)  # the kit sends no frame that may be ignored, and so no flag
    assert again[: flags.start] == data[: flags.start]
    assert again[flags.stop :] == data[flags.stop :]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("step", columns(41, 1_000_000, [Row(1, [200_005]), Row(3, [17_196]), Row(9, [200_008])])),
        ("step-counts", columns(42, 2_000_000, [Row(1, [0, 1, 201_087]), Row(2**31 - 1, [200_002])])),
        (
            "step-logprobs",
            columns(
                43,
                3_000_000,
                [
                    Row(
                        5,
                        [11, 12],
                        [
                            TokenLogprob(-0.5, [(11, -0.5), (13, -2.0)]),
                            TokenLogprob(-1.25, [(12, -1.25), (14, -1.5)]),
                        ],
                    )
                ],
            ),
        ),
    ],
)
def test_a_step_is_a_table_by_columns(name, table):
    assert encode(Type.STEP, table) == (GOLDEN / f"{name}.bin").read_bytes()


def test_header_is_sixteen_bytes_least_significant_first():
    assert SUBMIT.hex(" ", -4) == "07000000 03000000 03000000 03000000 12016d01 000000"


@pytest.mark.parametrize("size", range(1, len(PREFACE + PING + SUBMIT)))
def test_frames_arrive_whole_however_the_bytes_are_cut(size):
    data = PREFACE + PING + SUBMIT
    decoder = Decoder()
    frames = [
        frame for at in range(0, len(data), size) for frame in decoder.feed(data[at : at + size])
    ]
    assert [(frame.type, frame.stream, frame.tail) for frame in frames] == [
        (Type.PING, 0, b""),
        (Type.SUBMIT, 3, b"\x01\x00\x00\x00"),
    ]
    assert frames[0].message.nonce == 7
    assert frames[1].size == len(SUBMIT)


@pytest.mark.parametrize("start", [b"GET / HT", b"H", b"HOCK\x02\x00\r\n", b"HOCK\x01\x00\n\n"])
def test_another_protocol_is_refused_at_its_first_wrong_byte(start):
    if PREFACE.startswith(start):
        assert Decoder().feed(start) == []
    else:
        with pytest.raises(ProtocolViolation, match="does not speak"):
            Decoder().feed(start)


def test_a_newer_minor_version_is_left_to_hello():
    assert Decoder().feed(b"HOCK\x01\x09\r\n" + PING)[0].message.nonce == 7


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ((FRAME_BYTES_MAX + 1, Type.PING, 0, 0, 0, 0), "bytes long"),
        ((2, Type.PING, 0, 0, 0, 3), "a message of 3 bytes in a body of 2"),
        ((3, Type.PING, 0, 0, 0, 2), "a message of 2 bytes in a body of 3"),
        ((65_537, Type.HELLO, 0, 0, 0, 65_537), "bytes long"),
        ((16 << 20, Type.SUBMIT, 0, 0, 1, 2 << 20), "a message of 2097152 bytes"),
        ((0, Type.PING, 0, 1, 0, 0), "reserved"),
        ((0, Type.PING, 0x80, 0, 0, 0), "reserved"),
        ((0, 99, 0, 0, 0, 0), "unknown frame type 99"),
    ],
)
def test_a_header_that_breaks_the_rules_is_refused_before_its_body_arrives(header, reason):
    with pytest.raises(ProtocolViolation, match=reason):
        Decoder().feed(PREFACE + HEADER.pack(*header))


def test_a_message_that_is_not_protobuf_is_refused():
    with pytest.raises(ProtocolViolation, match="malformed PING"):
        Decoder().feed(PREFACE + HEADER.pack(1, Type.PING, 0, 0, 0, 1) + b"\xff")


def test_an_unknown_frame_that_may_be_ignored_is():
    unknown = HEADER.pack(3, 99, 1, 0, 0, 0) + b"xyz"
    assert [frame.type for frame in Decoder().feed(PREFACE + unknown + PING)] == [Type.PING]
