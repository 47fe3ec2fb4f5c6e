"""A client that takes nothing costs little, and is cut off after a while."""

import json
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import MODEL, Router

HERE = Path(__file__).parent
CLIENTS = 10
# Faster than any buffer lasts.
TOKENS_PER_STEP = "200"
# Far below what an endless answer comes to, and above what the clients' buffers may hold.
MEMORY_BYTES_MAX = 64 << 20


@pytest.fixture
def router() -> Iterator[Router]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder), "--slow-client-timeout", "2")
        yield router
        router.stop()


def client_that_does_not_read(router: Router) -> socket.socket:
    client = socket.socket()
    # The smallest window that the kernel gives, so that the answer soon fills it.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    client.connect(("127.0.0.1", router.port))
    body = json.dumps({"model": MODEL, "input": "Sing.", "stream": True}).encode()
    head = f"POST /v1/responses HTTP/1.1\r\nHost: test\r\nContent-Length: {len(body)}\r\n\r\n"
    client.sendall(head.encode() + body)
    return client


def test_clients_that_never_read_are_cut_off(router):
    worker = router.python_worker(
        HERE / "endless_worker.py", router.socket, MODEL, TOKENS_PER_STEP
    )
    before = router.process.memory_bytes
    clients = [client_that_does_not_read(router) for _ in range(CLIENTS)]
    worker.wait_until(lambda: worker.output.count("cancelled") == CLIENTS, "rid of them all", 120)
    assert router.process.memory_bytes - before < MEMORY_BYTES_MAX

    def metrics() -> list[str]:
        return router.get("/metrics")[1].decode().splitlines()

    # The worker hears of it first.
    worker.wait_until(lambda: "hocket_http_answers 0.0" in metrics(), "forgotten", 10)
    assert f"hocket_http_slow_clients_total {CLIENTS}" in metrics()
    assert f'hocket_responses_total{{status="cancelled"}} {CLIENTS}' in metrics()
    assert router.process.output.count("took nothing") == CLIENTS
    for client in clients:
        client.close()
