"""The worker as a process against a router on a real socket."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_router import FakeRouter, cancel, ping, submit

from hocket_worker import Code
from hocket_worker.frames import Type, encode
from hocket_worker.v1.connection_pb2 import (
    GO_AWAY_REASON_REPLACED,
    GO_AWAY_REASON_SHUTDOWN,
    HEALTH_NOT_SERVING,
    HEALTH_SERVING,
    GoAway,
)
from hocket_worker.v1.generation_pb2 import FinishReason
from hocket_worker.v1.status_pb2 import Status

HERE = Path(__file__).parent
RETURN = 200_002
SECONDS_MAX = 60


@pytest.fixture
def socket_path(tmp_path):
    return str(tmp_path / "worker.sock")


@pytest.fixture
def start_worker(socket_path):
    processes = []

    def start(seconds_per_step: float = 0.0, *patience: float) -> subprocess.Popen:
        numbers = [str(seconds) for seconds in (seconds_per_step, *patience)]
        command = [sys.executable, HERE / "scripted_worker.py", socket_path, *numbers]
        environment = os.environ | {"PYTHONPATH": str(HERE.parent)}
        processes.append(
            subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        )
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        sys.stderr.write(process.communicate()[1])


@pytest.fixture
def router(socket_path):
    router = FakeRouter(socket_path, SECONDS_MAX)
    yield router
    router.close()


def test_many_streams_each_get_their_own_tokens(start_worker, router):
    start_worker()
    router.accept()
    lengths = {2 * index + 1: 10 + index for index in range(64)}
    router.send(b"".join(submit(stream, [length]) for stream, length in lengths.items()))
    for _ in lengths:
        finish = router.receive_until(Type.FINISH)
        assert finish.message.reason == FinishReason.FINISH_REASON_STOP
        assert finish.message.emitted_tokens == lengths[finish.stream] + 1
    assert router.transcript.tokens == {
        stream: [*range(1, length + 1), RETURN] for stream, length in lengths.items()
    }
    steps = router.transcript.of(Type.STEP)
    assert len(steps) < sum(lengths.values()) / 8, "the streams of a step share a frame"


def test_engine_that_serves_nothing_while_idle_is_asked_until_it_does(start_worker, router):
    start_worker()
    router.accept()
    router.send(submit(1, [8, 8]))
    health = []
    while health[-2:] != [HEALTH_NOT_SERVING, HEALTH_SERVING]:
        health.append(router.receive_until(Type.STATUS).message.health)
    router.send(submit(3, [2]))
    while router.receive_until(Type.FINISH).stream != 3:
        pass


def test_ping_and_cancel_are_served_while_the_engine_is_in_a_step(start_worker, router):
    start_worker(seconds_per_step=3)
    router.accept()
    router.send(submit(1, [100]))
    router.receive_until(Type.ACCEPT)
    time.sleep(0.2)  # the step has begun
    begun = time.monotonic()
    router.send(ping(5) + cancel(1))
    assert router.receive_until(Type.PONG).message.nonce == 5
    finish = router.receive_until(Type.FINISH).message
    assert (finish.reason, finish.emitted_tokens) == (FinishReason.FINISH_REASON_CANCELLED, 0)
    assert time.monotonic() - begun < 1


def test_status_comes_every_second_though_the_engine_is_silent(start_worker, router):
    start_worker(seconds_per_step=5)
    router.accept()
    router.send(submit(1, [100]))
    router.receive_until(Type.STATUS)
    begun = time.monotonic()
    assert router.receive_until(Type.STATUS).message.running_streams == 1
    assert 0.5 < time.monotonic() - begun < 2.5


def test_an_engine_may_refuse_a_request(start_worker, router):
    start_worker()
    router.accept()
    router.send(submit(1, [7, 7]) + submit(3, [2]))
    refusal = router.receive_until(Type.STREAM_ERROR)
    assert (refusal.stream, refusal.message.message) == (1, "no sevens")
    router.receive_until(Type.FINISH)
    assert router.transcript.tokens == {3: [1, 2, RETURN]}


def test_waits_for_a_router_that_is_not_there_yet(start_worker, socket_path):
    process = start_worker()
    assert "No such file" in process.stderr.readline()
    router = FakeRouter(socket_path)
    router.accept()
    assert router.receive_until(Type.STATUS)
    router.close()


def test_dials_again_and_starts_afresh_when_the_connection_is_lost(start_worker, router):
    start_worker(seconds_per_step=0.01)
    router.accept()
    router.send(submit(1, [100_000]))
    router.receive_until(Type.STEP)
    router.connection.close()
    router.accept()
    router.send(submit(1, [3]))
    router.receive_until(Type.FINISH)
    assert router.transcript.tokens == {1: [1, 2, 3, RETURN]}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_leaves_politely(start_worker, router, number):
    process = start_worker(seconds_per_step=0.02)
    router.accept()
    router.send(submit(1, [20]))
    router.receive_until(Type.STEP)
    process.send_signal(number)
    assert router.receive_until(Type.GOAWAY).message.last_stream_id == 1
    router.receive_to_end()
    assert router.transcript.tokens == {1: [*range(1, 21), RETURN]}
    assert router.transcript.frames[-1].type is Type.FINISH
    assert len(router.transcript.of(Type.GOAWAY)) == 1
    assert process.wait(SECONDS_MAX) == 0


def hang(router) -> None:
    """Puts the engine into a call from which it does not come back."""
    router.send(submit(1, [9, 9]))
    router.receive_until(Type.CREDIT)
    time.sleep(0.2)  # it has been taken, and is begun


def test_a_hung_engine_does_not_keep_goodbye_from_the_router(start_worker, router):
    process = start_worker()
    router.accept()
    hang(router)
    process.terminate()
    assert router.receive_until(Type.GOAWAY).message.last_stream_id == 1
    router.send(submit(3, [1]))
    assert router.receive_until(Type.STREAM_ERROR).message.code == Code.CODE_UNAVAILABLE


def test_a_second_signal_ends_the_process(start_worker, router):
    process = start_worker()
    router.accept()
    hang(router)
    process.terminate()
    router.receive_until(Type.GOAWAY)
    process.terminate()
    assert process.wait(SECONDS_MAX) == 128 + signal.SIGTERM


def test_a_hung_engine_ends_the_process_when_its_router_has_left(start_worker, router):
    process = start_worker(0, 0.1)
    router.accept()
    hang(router)
    router.connection.close()
    assert process.wait(SECONDS_MAX) == 1


def test_streams_are_given_up_when_the_time_for_draining_is_over(start_worker, router):
    process = start_worker(0.02, 60, 0.3)
    router.accept()
    router.send(submit(1, [100_000]))
    router.receive_until(Type.STEP)
    process.terminate()
    assert router.receive_until(Type.GOAWAY).message.grace_ms == 300
    assert router.receive_until(Type.STREAM_ERROR).message.retryable
    router.receive_to_end()
    assert process.wait(SECONDS_MAX) == 0


def test_leaves_without_a_router(start_worker):
    process = start_worker()
    assert "No such file" in process.stderr.readline()
    process.terminate()
    assert process.wait(SECONDS_MAX) == 0


def test_a_broken_engine_ends_the_process_and_says_why(start_worker, router):
    process = start_worker()
    router.accept()
    router.send(submit(1, [0]))
    error = router.receive_until(Type.CONN_ERROR).message
    assert error.code == Code.CODE_INTERNAL
    assert "on fire" in error.message
    assert process.wait(SECONDS_MAX) == 1


def test_goes_to_the_next_router_when_this_one_leaves(start_worker, router):
    start_worker(seconds_per_step=0.01)
    router.accept()
    router.send(submit(1, [10]))
    router.receive_until(Type.STEP)
    router.send(encode(Type.GOAWAY, GoAway(reason=GO_AWAY_REASON_SHUTDOWN)))
    router.receive_to_end()
    assert router.transcript.tokens == {1: [*range(1, 11), RETURN]}
    router.accept()
    assert router.receive_until(Type.STATUS)


def test_ends_when_it_is_replaced(start_worker, router):
    process = start_worker(seconds_per_step=0.01)
    router.accept()
    router.send(submit(1, [10]))
    router.receive_until(Type.STEP)
    router.send(encode(Type.GOAWAY, GoAway(reason=GO_AWAY_REASON_REPLACED)))
    router.receive_to_end()
    assert router.transcript.tokens == {1: [*range(1, 11), RETURN]}
    assert len(router.transcript.of(Type.GOAWAY)) == 1
    assert process.wait(SECONDS_MAX) == 0


def test_a_router_of_another_major_version_is_not_dialled_again(start_worker, router):
    process = start_worker()
    router.connect()
    router.send(b"HOCK\x02\x00\r\n")
    assert router.receive_until(Type.CONN_ERROR).message.code == Code.CODE_UNIMPLEMENTED
    assert process.wait(SECONDS_MAX) == 1


def test_a_worker_that_is_not_wanted_exits(start_worker, router):
    process = start_worker()
    refusal = Status(code=Code.CODE_FAILED_PRECONDITION, message="another vocabulary")
    router.accept(ack=encode(Type.CONN_ERROR, refusal))
    assert process.wait(SECONDS_MAX) == 1
