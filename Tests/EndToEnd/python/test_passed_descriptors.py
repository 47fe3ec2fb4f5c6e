"""Descriptors that a peer passes unasked (SCM_RIGHTS) are not taken."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import Process, binary

PREFACE = b"HOCK\x01\x00\r\n"
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"
# As many as the kernel passes with one message.
DESCRIPTORS = 253


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def router(folder) -> Iterator[Process]:
    router = Process(
        binary(), "serve", "--http", f"unix:{folder / 'http.sock'}",
        "--socket", folder / "worker.sock",
        "--inspect-socket", folder / "inspect.sock",
        "--admin-socket", folder / "admin.sock",
        log=folder / "router.log",
    )  # fmt: skip
    sockets = ("http", "worker", "inspect", "admin")
    router.wait_until(lambda: all((folder / f"{name}.sock").is_socket() for name in sockets), "up")
    yield router
    assert router.stop() == 0


def is_open_elsewhere(reading_end: int) -> bool:
    """Whether anybody still has the pipe's writing end."""
    try:
        return os.read(reading_end, 1) != b""
    except BlockingIOError:
        return True


@pytest.mark.parametrize(
    ("name", "said"),
    [("worker", PREFACE), ("http", REQUEST), ("admin", REQUEST), ("inspect", b"?")],
)
def test_they_are_closed_and_the_connection_goes_on(router, folder, name, said):
    before = router.descriptors
    reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(folder / f"{name}.sock"))
        socket.send_fds(peer, [said[:1]], [writing] * DESCRIPTORS)
        socket.send_fds(peer, [said[1:] or b"!"], [writing])
        os.close(writing)
        router.wait_until(lambda: not is_open_elsewhere(reading), "without them")
        assert router.descriptors <= before + 1
        if name != "inspect":
            # The inspection socket only writes; the others answer as ever.
            peer.settimeout(10)
            assert peer.recv(64)[:4] in (b"HOCK", b"HTTP")
    os.close(reading)
    router.wait_until(lambda: router.descriptors <= before, "rid of the connection")
