"""A session on one end of a pair of sockets."""

import asyncio
import socket
import time

from fake_router import hello, hello_ack, ping

from hocket_worker import Code, Identity, Model, connection
from hocket_worker.connection import Connection
from hocket_worker.frames import Type, encode
from hocket_worker.session import Session
from hocket_worker.v1.status_pb2 import Status

MODEL = Model(name="scripted", context_tokens_max=100, engine="tests")


async def served(link: socket.socket) -> Session:
    """The session, when its connection has ended."""
    link.setblocking(False)
    session = Session(MODEL, Identity("worker"), lambda _: None, time.monotonic_ns)
    await asyncio.wait_for(Connection(link, session).ended, timeout=30)
    return session


def test_a_refusal_is_heard_though_the_router_has_left_before_the_worker_spoke():
    # It was taken for a router that ended, and dialled for ever.
    worker, router = socket.socketpair()
    refusal = Status(code=Code.CODE_PERMISSION_DENIED, message="user 1 may not")
    router.sendall(hello()[:8] + encode(Type.CONN_ERROR, refusal))
    router.close()
    with worker:
        assert asyncio.run(served(worker)).refused


def test_a_router_that_does_not_read_is_left_before_it_costs_much(monkeypatch):
    monkeypatch.setattr(connection, "UNWRITTEN_BYTES_MAX", 1 << 16)
    worker, router = socket.socketpair()
    router.setblocking(False)

    async def flood() -> Session:
        session = asyncio.ensure_future(served(worker))
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(router, hello() + hello_ack())
        try:
            while not session.done():
                await loop.sock_sendall(router, b"".join(map(ping, range(500))))
        except OSError:
            pass
        return await session

    with worker, router:
        session = asyncio.run(flood())
    assert not session.over, "it was the connection that ended"
    assert len(session.outgoing) < (1 << 16) + 2 * connection.READ_BYTES_MAX
