"""The process around an engine: serves it to a router, leaves politely.

Two threads. The caller's steps the engine. The other's is an event loop that owns the socket and
the session, so that PING, CANCEL and SIGTERM are served while a step runs, and when it hangs.
Between them: a mailbox of commands one way, calls onto the loop the other.
"""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from .engine import Engine, Load, Request
from .errors import WorkerError
from .hello import Identity
from .logprobs import Scored
from .mailbox import Cancel, Mailbox, Stop
from .network import STALL_SECONDS, Network
from .session import Session

log = logging.getLogger("hocket_worker")
# How long an idle engine that serves nothing is left alone before it is asked again.
REST_SECONDS = 0.1


class Worker:
    """Runs one engine as a worker. `run` returns the exit status of the process.

    0 after SIGTERM or SIGINT, when the streams that were open have ended or `drain_seconds` are
    over, and after a successor took its place. 1 when the router refuses this worker for good or
    the engine broke: a supervisor should look or restart. A second signal ends the process, and so
    does a step that goes on for `stall_seconds` when its connection has ended.
    """

    def __init__(
        self,
        engine: Engine,
        socket_path: str,
        identity: Identity,
        *,
        drain_seconds: float | None = None,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        self._engine = engine
        # An engine that has nothing to say of its load need not.
        self._load: Callable[[], Load] = getattr(engine, "load", Load)
        self._mailbox = Mailbox()
        self._running: set[int] = set()
        self._serving = True
        self._busy = False
        self._network = Network(
            socket_path,
            lambda: Session(engine.model, identity, self._mailbox.put, time.monotonic_ns),
            is_engine_busy=lambda: self._busy,
            on_end=lambda status: self._mailbox.put(Stop(status)),
            drain_seconds=drain_seconds,
            stall_seconds=stall_seconds,
        )

    def run(self) -> int:
        """Must be called on the main thread, for the signals."""
        self._network.start()
        try:
            return self._step_engine()
        except Exception as error:
            log.exception("the engine failed")
            self._network.tell(Session.engine_failed, f"the engine failed: {error!r}")
            return 1
        finally:
            self._network.end()

    def _step_engine(self) -> int:
        while True:
            commands = self._mailbox.take(
                wait=not self._running, seconds_max=None if self._serving else REST_SECONDS
            )
            if taken := [command.id for command in commands if isinstance(command, Request)]:
                self._network.tell(Session.taken, taken)
            for command in commands:
                match command:
                    case Request():
                        self._start(command)
                    case Cancel() if command.request_id in self._running:
                        self._running.remove(command.request_id)
                        with self._in_engine():
                            self._engine.cancel(command.request_id)
                    case Stop():
                        return command.exit_status
            if self._running:
                with self._in_engine():
                    results, load = self._engine.step(), self._load()
                self._serving = load.serving
                self._network.tell(_stepped, results, load)
            elif not self._serving:
                # It gets no streams until it says that it serves, so no step would tell.
                with self._in_engine():
                    load = self._load()
                self._serving = load.serving
                self._network.tell(Session.report, load)

    def _start(self, request: Request) -> None:
        try:
            with self._in_engine():
                self._engine.start(request)
            self._running.add(request.id)
        except WorkerError as error:
            self._network.tell(Session.fail, request.id, error)

    @contextlib.contextmanager
    def _in_engine(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False


def _stepped(
    session: Session, results: Mapping[int, Sequence[int] | Scored | WorkerError], load: Load
) -> None:
    session.emit(results)
    session.report(load)
