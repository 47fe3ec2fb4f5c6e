"""Engines that hang while their workers' sockets are well."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from processes import MODEL, Router
from transcript import Transcript, parse

STALL_SECONDS = 2


@pytest.fixture
def router() -> Iterator[Router]:
    """A router that loses patience with engines soon, without a worker."""
    # Not tmp_path: the path of a socket has room for about a hundred bytes.
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder), "--engine-stall-timeout", str(STALL_SECONDS))
        yield router
        router.stop()


def stream_raw(client: openai.OpenAI):
    return client.responses.with_streaming_response.create(
        model=MODEL, input="Sing on.", stream=True
    )


def metrics(router: Router) -> list[str]:
    return router.get("/metrics")[1].decode().splitlines()


def test_an_engine_that_hangs_in_the_middle_fails_the_response(router, connect):
    router.simulated_worker(MODEL, "--fault", "stall:5")
    with stream_raw(connect(router)) as response:
        transcript = Transcript(parse(response.iter_lines()))
    assert transcript.types[-1] == "response.failed"
    error = transcript.response["error"]
    assert f"made no step for {STALL_SECONDS}.0 s" in error["message"]
    assert "worker given up" in router.process.output


def test_a_client_that_gives_up_first_does_not_hide_it(router, connect):
    router.simulated_worker(MODEL, "--fault", "stall:0")
    impatient = connect(router).with_options(timeout=STALL_SECONDS / 2)
    deadline = time.monotonic() + 60
    while "worker given up" not in router.process.output:
        assert time.monotonic() < deadline
        with pytest.raises((openai.APITimeoutError, openai.InternalServerError)):
            impatient.responses.create(model=MODEL, input="Sing on.")


def test_what_a_hung_engine_had_not_begun_moves_to_another_worker(router, connect):
    router.simulated_worker(MODEL, "--name", "stuck", "--fault", "stall:0")
    router.simulated_worker(MODEL, "--name", "well", "--tokens-per-second", "2000")
    router.process.wait_until(lambda: "hocket_workers 2" in metrics(router), "with both workers")
    with stream_raw(connect(router)) as response:
        transcript = Transcript(parse(response.iter_lines()))
    assert transcript.types[-1] == "response.completed"
    assert "hocket_samplings_moved_total 1" in metrics(router)
    # The one that hangs has dialled again or will; nothing goes there for a while.
    for _ in range(3):
        assert connect(router).responses.create(model=MODEL, input="Sing on.").output_text
