"""A session's socket on the event loop: what comes goes in, what it has to say goes out."""

import asyncio
import logging
import socket

from .session import Session

log = logging.getLogger("hocket_worker")
TICK_SECONDS = 0.1
READ_BYTES_MAX = 1 << 18
# What may wait for a router that does not read. One that reads takes everything at once: its slow
# clients are none of the socket's business.
UNWRITTEN_BYTES_MAX = 16 << 20


class Connection:
    """`ended` is done when the session is over, or the connection is."""

    def __init__(self, link: socket.socket, session: Session) -> None:
        self.session = session
        self._loop = asyncio.get_running_loop()
        self.ended = self._loop.create_future()
        self._link = link
        self._writing = False
        # Whether the router takes no more bytes.
        self._deaf = False
        self._loop.add_reader(link, self._read)
        self._tick()

    def flush(self) -> None:
        """Writes what the session has to say, and what it leaves for later when there is room."""
        unwritten = self.session.outgoing
        try:
            while unwritten and not self._deaf:
                del unwritten[: self._link.send(unwritten, socket.MSG_NOSIGNAL)]
        except BlockingIOError:
            pass
        except OSError:
            # What the router said before it left stands in the socket still: why, perhaps.
            self._deaf = True
        if self._deaf:
            unwritten.clear()
        if len(unwritten) > UNWRITTEN_BYTES_MAX:
            self._end(f"the router does not read: {len(unwritten)} bytes wait")
        elif self.session.over:
            self._end()
        elif bool(unwritten) is not self._writing:
            self._writing = not self._writing
            if self._writing:
                self._loop.add_writer(self._link, self.flush)
            else:
                self._loop.remove_writer(self._link)

    def _read(self) -> None:
        try:
            data = self._link.recv(READ_BYTES_MAX)
        except BlockingIOError:
            return
        except OSError as error:
            return self._end(str(error))
        if not data:
            return self._end("the router closed the connection")
        self.session.receive(data)
        self.flush()

    def _tick(self) -> None:
        self._timer = self._loop.call_later(TICK_SECONDS, self._tick)
        self.session.tick()
        self.flush()

    def _end(self, reason: str = "") -> None:
        if self.ended.done():
            return
        if reason:
            log.warning("%s", reason)
        self._timer.cancel()
        self._loop.remove_reader(self._link)
        self._loop.remove_writer(self._link)
        self.ended.set_result(None)
