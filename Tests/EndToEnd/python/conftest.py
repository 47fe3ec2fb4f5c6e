import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openai
import pytest

from processes import MODEL, Router, Server


@pytest.fixture(scope="session")
def shared_router() -> Iterator[Router]:
    """A router with a simulated worker, for tests that leave both as they are."""
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder))
        router.simulated_worker(MODEL, "--tokens-per-second", "2000")
        yield router
        router.stop()


@pytest.fixture
def router() -> Iterator[Router]:
    """A router of the test's own, without a worker."""
    # Not tmp_path: the path of a socket has room for about a hundred bytes.
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder))
        yield router
        router.stop()


@pytest.fixture(scope="session")
def connect() -> Callable[[Server], openai.OpenAI]:
    """Makes a client that does not retry, so that every failure is seen."""
    return lambda server: openai.OpenAI(
        base_url=server.url, api_key="none", max_retries=0, timeout=60
    )


@pytest.fixture
def client(shared_router, connect) -> openai.OpenAI:
    return connect(shared_router)
