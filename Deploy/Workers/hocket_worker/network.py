"""The network's thread: an event loop that dials the router, owns the session, hears signals."""

import asyncio
import concurrent.futures
import contextlib
import logging
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable

from .connection import Connection
from .session import Session

log = logging.getLogger("hocket_worker")
REDIAL_SECONDS_MIN = 0.1
REDIAL_SECONDS_MAX = 2.0
# A step that goes on for so long after its connection has ended hangs.
STALL_SECONDS = 60.0
WATCH_SECONDS = 0.05
STOPPING = (signal.SIGTERM, signal.SIGINT)


class Network:
    """Keeps a connection until the worker leaves, and then calls `on_end` with an exit status."""

    def __init__(
        self,
        path: str,
        make_session: Callable[[], Session],
        *,
        is_engine_busy: Callable[[], bool],
        on_end: Callable[[int], None],
        drain_seconds: float | None,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        self._path = path
        self._make_session = make_session
        self._is_engine_busy = is_engine_busy
        self._on_end = on_end
        self._drain_seconds = drain_seconds
        self._stall_seconds = stall_seconds
        self._connection: Connection | None = None
        self._signals, self._wakeup = socket.socketpair()
        self._signals.setblocking(False)
        self._wakeup.setblocking(False)
        self._loop = asyncio.new_event_loop()
        self._leaving = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="hocket network", daemon=True)

    # Called by the engine's thread.

    def start(self) -> None:
        """Must be called on the main thread, for the signals.

        They are written to a socket as they come, so that they are heard though the main thread
        never comes back from the engine.
        """
        signal.set_wakeup_fd(self._wakeup.fileno(), warn_on_full_buffer=False)
        for number in STOPPING:
            signal.signal(number, lambda *_: None)
        self._thread.start()

    def tell(self, event: Callable, *arguments) -> None:
        """Tells the session something, and waits until it knows: no engine runs ahead of it."""
        told = concurrent.futures.Future()

        def tell() -> None:
            try:
                if self._connection:
                    event(self._connection.session, *arguments)
                    self._connection.flush()
                told.set_result(None)
            except BaseException as error:
                told.set_exception(error)

        with contextlib.suppress(RuntimeError):  # the loop has ended, and every session
            self._loop.call_soon_threadsafe(tell)
            while self._thread.is_alive():
                with contextlib.suppress(concurrent.futures.TimeoutError):
                    return told.result(timeout=1)

    def end(self) -> None:
        """Ends without waiting for streams; what was told before is said."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._leaving.set)
        self._thread.join(timeout=REDIAL_SECONDS_MAX)

    # On the network's thread.

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._loop.add_reader(self._signals, self._hear)
        status = 1
        try:
            status = await self._stay_connected()
        finally:
            self._on_end(status)
        await self._engine_at_rest()

    async def _stay_connected(self) -> int:
        delay = REDIAL_SECONDS_MIN
        while not self._leaving.is_set():
            session = self._make_session()
            await self._attend(session)
            if session.refused or session.replaced:
                return int(session.refused)
            await self._engine_at_rest()
            delay = REDIAL_SECONDS_MIN if session.attached else min(2 * delay, REDIAL_SECONDS_MAX)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), delay * random.uniform(0.5, 1.0))
        return 0

    async def _attend(self, session: Session) -> None:
        """Serves one connection to its end."""
        with socket.socket(socket.AF_UNIX) as link:
            link.setblocking(False)
            try:
                await self._loop.sock_connect(link, self._path)
            except OSError as error:
                log.warning("%s: %s", self._path, error)
                return
            self._connection = Connection(link, session)
            if self._leaving.is_set():
                self._drain()
            await self._connection.ended
            self._connection = None
            session.lost()

    async def _engine_at_rest(self) -> None:
        """Waits for the engine's last step, but not for ever: dialling again is no use then."""
        ends = time.monotonic() + self._stall_seconds
        while self._is_engine_busy():
            if time.monotonic() >= ends:
                log.critical(
                    "the engine's step goes on %s s after its connection has ended: it hangs",
                    self._stall_seconds,
                )
                os._exit(1)
            await asyncio.sleep(WATCH_SECONDS)

    def _hear(self) -> None:
        for number in self._signals.recv(64):
            if number not in STOPPING:
                continue
            if self._leaving.is_set():
                log.warning("a second signal: ended at once")
                os._exit(128 + number)
            log.info("leaving: open streams run to their end")
            self._leaving.set()
            self._drain()

    def _drain(self) -> None:
        if self._connection:
            self._connection.session.drain(self._drain_seconds)
            self._connection.flush()
