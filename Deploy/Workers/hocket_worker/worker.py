"""The process around an engine: dials the router, keeps the connection, leaves politely.

Two threads. The caller's steps the engine. The other owns the socket, so that PING and CANCEL
are served while a step runs. Between them: a queue of commands, and the session under a lock.
"""

import contextlib
import logging
import random
import selectors
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue

from .engine import Engine, Load, Request
from .errors import WorkerError
from .hello import Identity
from .session import Cancel, Drain, Session

log = logging.getLogger("hocket_worker")
REDIAL_SECONDS_MIN = 0.1
REDIAL_SECONDS_MAX = 2.0
TICK_SECONDS = 0.1
READ_BYTES_MAX = 1 << 18


class Stop:
    """Command: the process ends with this exit status."""

    def __init__(self, exit_status: int) -> None:
        self.exit_status = exit_status


class Worker:
    """Runs one engine as a worker. `run` returns the exit status of the process.

    0 after SIGTERM or SIGINT, when the streams that were open have ended. 1 when the router
    refuses this worker for good or the engine broke: a supervisor should look or restart.
    """

    def __init__(self, engine: Engine, socket_path: str, identity: Identity) -> None:
        self._engine = engine
        # An engine that has nothing to say of its load need not.
        self._load: Callable[[], Load] = getattr(engine, "load", Load)
        self._path = socket_path
        self._identity = identity
        self._commands: SimpleQueue[Request | Cancel | Drain | Stop] = SimpleQueue()
        self._running: set[int] = set()
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._leaving = threading.Event()
        self._alarm, self._bell = socket.socketpair()
        self._alarm.setblocking(False)
        self._bell.setblocking(False)

    def run(self) -> int:
        """Must be called on the main thread, for the signals."""
        # A handler may interrupt anything, even the holder of the lock: it only queues.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._commands.put(Drain()))
        network = threading.Thread(target=self._stay_connected, daemon=True)
        network.start()
        try:
            return self._step_engine()
        except Exception as error:
            log.exception("the engine failed")
            self._tell(Session.engine_failed, f"the engine failed: {error!r}")
            return 1
        finally:
            self._leaving.set()
            self._ring()
            network.join(timeout=REDIAL_SECONDS_MAX)

    # The engine's thread.

    def _step_engine(self) -> int:
        while True:
            for command in self._pending_commands():
                match command:
                    case Request():
                        self._start(command)
                    case Cancel() if command.request_id in self._running:
                        self._running.remove(command.request_id)
                        self._engine.cancel(command.request_id)
                    case Drain():
                        self._leaving.set()
                        self._tell(Session.drain)
                    case Stop():
                        return command.exit_status
            if self._running:
                self._tell(Session.emit, self._engine.step())
                self._tell(Session.report, self._load())

    def _pending_commands(self) -> list[Request | Cancel | Drain | Stop]:
        commands = [] if self._running else [self._commands.get()]
        while not self._commands.empty():
            commands.append(self._commands.get())
        return commands

    def _start(self, request: Request) -> None:
        try:
            self._engine.start(request)
            self._running.add(request.id)
        except WorkerError as error:
            self._tell(Session.fail, request.id, error)

    def _tell(self, event: Callable, *arguments) -> None:
        with self._lock:
            if self._session:
                event(self._session, *arguments)
        self._ring()

    def _ring(self) -> None:
        with contextlib.suppress(BlockingIOError):  # full: it is ringing already
            self._bell.send(b"!")

    # The socket's thread.

    def _stay_connected(self) -> None:
        delay = REDIAL_SECONDS_MIN
        refused = False
        while not (self._leaving.is_set() or refused):
            session = Session(
                self._engine.model, self._identity, self._commands.put, time.monotonic_ns
            )
            try:
                with socket.socket(socket.AF_UNIX) as connection:
                    connection.connect(self._path)
                    self._converse(connection, session)
            except OSError as error:
                log.warning("%s: %s", self._path, error)
            refused = session.refused
            delay = REDIAL_SECONDS_MIN if session.attached else min(2 * delay, REDIAL_SECONDS_MAX)
            self._leaving.wait(delay * random.uniform(0.5, 1.0))
        self._commands.put(Stop(int(refused)))

    def _converse(self, connection: socket.socket, session: Session) -> None:
        """Returns when the session is over; raises `OSError` when the connection is."""
        connection.setblocking(False)
        with selectors.DefaultSelector() as selector, self._as_current(session):
            selector.register(self._alarm, selectors.EVENT_READ)
            selector.register(connection, selectors.EVENT_READ)
            while True:
                with self._lock:
                    session.tick()
                    self._write(connection, session)
                    if session.over:
                        return
                    waiting = selectors.EVENT_WRITE if session.outgoing else 0
                selector.modify(connection, selectors.EVENT_READ | waiting)
                ready = {key.fileobj: events for key, events in selector.select(TICK_SECONDS)}
                if self._alarm in ready:
                    self._alarm.recv(READ_BYTES_MAX)
                if ready.get(connection, 0) & selectors.EVENT_READ:
                    self._read(connection, session)

    @contextlib.contextmanager
    def _as_current(self, session: Session) -> Iterator[None]:
        with self._lock:
            self._session = session
            if self._leaving.is_set():
                session.drain()
        try:
            yield
        finally:
            with self._lock:
                self._session = None
                session.lost()

    @staticmethod
    def _write(connection: socket.socket, session: Session) -> None:
        with contextlib.suppress(BlockingIOError):
            while session.outgoing:
                del session.outgoing[: connection.send(session.outgoing, socket.MSG_NOSIGNAL)]

    def _read(self, connection: socket.socket, session: Session) -> None:
        data = connection.recv(READ_BYTES_MAX)
        if not data:
            raise ConnectionError("the router closed the connection")
        with self._lock:
            session.receive(data)
