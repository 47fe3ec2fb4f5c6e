"""What the engine's thread is asked to do, in order, by the network's."""

import threading
from dataclasses import dataclass

from .engine import Request


@dataclass(frozen=True)
class Cancel:
    """Command: the engine forgets a request."""

    request_id: int


@dataclass(frozen=True)
class Stop:
    """Command: the process ends with this exit status."""

    exit_status: int


Command = Request | Cancel | Stop


class Mailbox:
    """A queue whose length is bounded by what is open, however much a router opens and cancels.

    A request that is cancelled before the engine took it leaves nothing behind. So there wait at
    most one start for each open stream and one cancel for each request that the engine runs.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._starts: dict[int, Request] = {}
        self._commands: list[Cancel | Stop] = []

    def put(self, command: Command) -> None:
        with self._changed:
            match command:
                case Request():
                    self._starts[command.id] = command
                case Cancel() if self._starts.pop(command.request_id, None):
                    return
                case _:
                    self._commands.append(command)
            self._changed.notify()

    def take(self, wait: bool, seconds_max: float | None = None) -> list[Command]:
        """Everything that waits; if asked to, waits until there is something, or for so long.

        Cancels come before starts, so that an engine never has more requests than it said.
        """
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._starts or self._commands, seconds_max)
            taken = [*self._commands, *self._starts.values()]
            self._commands.clear()
            self._starts.clear()
            return taken
