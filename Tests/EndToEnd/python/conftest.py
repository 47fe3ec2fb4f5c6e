import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import openai
import pytest

import checked_client
from processes import MODEL, Router, Server

# Read when the SDKs are imported: nothing is told to anybody.
os.environ |= {"OPENAI_AGENTS_DISABLE_TRACING": "1", "LANGSMITH_TRACING": "false"}


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """No test and no SDK reaches further than this machine."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert address[0] in ("127.0.0.1", "::1"), f"{address} is another machine"
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


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


@pytest.fixture
def doomed() -> Iterator[Router]:
    """A router that a test kills."""
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder))
        yield router
        router.kill()


@pytest.fixture(scope="session")
def connect() -> Callable[[Server], openai.OpenAI]:
    """Makes a client that does not retry, so that every failure is seen."""
    return lambda server: openai.OpenAI(
        base_url=server.url, api_key="none", max_retries=0, timeout=60
    )


@pytest.fixture
def tell(capsys) -> Callable[[str], None]:
    """Says what a test measured, also when it passes."""

    def tell(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", end=" ", flush=True)

    return tell


@pytest.fixture
def wire() -> Iterator[checked_client.Wire]:
    """Checks, when the test is over, every stream that its clients have read."""
    wire = checked_client.Wire()
    yield wire
    wire.check()


@pytest.fixture
def http_client(wire) -> Iterator[httpx2.Client]:
    with checked_client.http_client(wire) as client:
        yield client


@pytest.fixture
def client(shared_router, http_client) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=shared_router.url, api_key="none", max_retries=0, http_client=http_client
    )


@pytest.fixture
def connect_async_to(wire) -> Callable[[Server], openai.AsyncOpenAI]:
    """Makes clients for the event loop that is running, whose streams are checked."""
    return lambda server: openai.AsyncOpenAI(
        base_url=server.url,
        api_key="none",
        max_retries=0,
        http_client=checked_client.async_http_client(wire),
    )


@pytest.fixture
def connect_async(shared_router, connect_async_to) -> Callable[[], openai.AsyncOpenAI]:
    """The same, for the router that tests share."""
    return lambda: connect_async_to(shared_router)
