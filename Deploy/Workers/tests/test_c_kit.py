"""The example of the C kit as a process, against a router that is a test double."""

import signal
import subprocess
import time
from pathlib import Path

import pytest
from fake_router import FakeRouter, credit, hello, hello_ack, ping, submit

from hocket_worker import Code
from hocket_worker.frames import Type, encode
from hocket_worker.v1 import connection_pb2 as v1
from hocket_worker.v1.generation_pb2 import FinishReason, Sampling
from hocket_worker.v1.status_pb2 import Status

KIT = Path(__file__).parents[1] / "c"
WIRE = Path(__file__).parents[3] / "Sources" / "CHocketWire"
SECONDS_MAX = 60


def test_header_and_example_have_fewer_than_300_lines():
    lines = sum(len(file.read_text().splitlines()) for file in KIT.iterdir())
    assert lines < 300


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    """The example, compiled without a warning, beside generated code that is not ours to judge."""
    objects = tmp_path_factory.mktemp("c")
    common = ["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-I", WIRE / "include"]
    generated = [*(WIRE / "hocket" / "v1").glob("*.c"), WIRE / "hocket_arena.c"]
    subprocess.run([*common, "-c", *generated], cwd=objects, check=True)
    program = objects / "counting_worker"
    strict = ["-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined"]
    libraries = [*objects.glob("*.o"), "-lprotobuf-c"]
    source = KIT / "counting_worker.c"
    subprocess.run([*common, *strict, "-o", program, source, *libraries], check=True)
    return program


@pytest.fixture
def router(tmp_path):
    router = FakeRouter(str(tmp_path / "worker.sock"), SECONDS_MAX)
    yield router
    router.close()


@pytest.fixture
def worker(program, router, tmp_path):
    worker = subprocess.Popen([program, tmp_path / "worker.sock"])
    yield worker
    worker.kill()
    worker.wait()


def test_serves_a_stream(worker, router):
    router.accept()
    router.send(submit(1, [5], sampling=Sampling(output_tokens_max=3)))
    finish = router.receive_until(Type.FINISH).message
    assert (finish.reason, finish.emitted_tokens) == (FinishReason.FINISH_REASON_LENGTH, 3)
    assert router.transcript.tokens == {1: [1, 2, 3]}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (encode(Type.GOAWAY, v1.GoAway(reason=v1.GO_AWAY_REASON_REPLACED)), 0),
        (encode(Type.CONN_ERROR, Status(code=Code.CODE_PERMISSION_DENIED)), 1),
    ],
    ids=["replaced", "refused"],
)
def test_ends_when_it_is_not_wanted_any_more(worker, router, said, status):
    router.accept()
    router.send(said)
    router.receive_to_end()
    assert worker.wait(SECONDS_MAX) == status


def test_a_router_of_another_major_version_is_not_dialled_again(worker, router):
    router.connect()
    router.send(b"HOCK\x02\x00\r\n")
    assert router.receive_until(Type.CONN_ERROR).message.code == Code.CODE_UNIMPLEMENTED
    assert worker.wait(SECONDS_MAX) == 1


def test_a_refusal_is_heard_though_the_router_has_left_before_the_worker_spoke(worker, router):
    for _ in range(20):
        router.connect()
        refusal = Status(code=Code.CODE_UNAVAILABLE, message="later", retryable=True)
        router.send(hello()[:8] + encode(Type.CONN_ERROR, refusal))
        router.connection.close()
    router.connect()
    router.send(hello()[:8] + encode(Type.CONN_ERROR, Status(code=Code.CODE_PERMISSION_DENIED)))
    router.connection.close()
    assert worker.wait(SECONDS_MAX) == 1


@pytest.mark.parametrize("reason", [v1.GO_AWAY_REASON_OPERATOR, v1.GO_AWAY_REASON_SHUTDOWN])
def test_dials_again_when_it_was_sent_away_and_not_replaced(worker, router, reason):
    router.accept()
    router.send(encode(Type.GOAWAY, v1.GoAway(reason=reason)))
    router.receive_to_end()
    router.accept()
    assert router.receive_until(Type.STATUS).message.health == v1.HEALTH_SERVING


def test_streams_that_wait_for_credit_do_not_run(worker, router):
    router.accept(ack=hello_ack(status_interval_ms=50))
    router.send(submit(1, [5], credit_tokens=0))
    router.receive_until(Type.ACCEPT)
    router.receive_until(Type.STATUS)
    assert router.receive_until(Type.STATUS).message.running_streams == 0
    router.send(credit(1, 1_000_000))
    router.receive_until(Type.STEP)
    assert router.receive_until(Type.STATUS).message.running_streams == 1


def test_a_router_that_does_not_read_is_left(worker, router):
    router.accept()
    with pytest.raises(OSError, match=r"timed out|reset|Broken pipe"):
        for _ in range(1000):
            router.send(b"".join(map(ping, range(1000))))
    router.accept()
    assert router.receive_until(Type.STATUS)


def test_leaves_politely(worker, router):
    router.accept()
    router.send(submit(1, [5], sampling=Sampling(output_tokens_max=300)))
    router.receive_until(Type.STEP)
    worker.send_signal(signal.SIGTERM)
    assert router.receive_until(Type.GOAWAY).message.last_stream_id == 1
    router.receive_to_end()
    assert router.transcript.tokens == {1: list(range(1, 301))}
    assert worker.wait(SECONDS_MAX) == 0


def test_a_long_deadline_is_none(worker, router):
    router.accept()
    sampling = Sampling(output_tokens_max=3)
    router.send(submit(1, [5], deadline_ns=(1 << 64) - 1, sampling=sampling))
    assert router.receive_until(Type.FINISH).message.reason == FinishReason.FINISH_REASON_LENGTH
    begun = time.monotonic()
    router.send(submit(3, [5], deadline_ns=50_000_000, credit_tokens=1))
    assert router.receive_until(Type.FINISH).message.reason == FinishReason.FINISH_REASON_DEADLINE
    assert time.monotonic() - begun >= 0.05
