"""Processes that are started here, and ended here, and no others."""

import os
import select
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Callable, Sequence

WAIT_SECONDS = 10
POLL_SECONDS = 0.0005
STOP_SECONDS = 3


class BenchmarkFailure(Exception):
    """Something did not work, so that there is no figure to report."""


class Process:
    """One process. What it complains of goes to a log; its output too, unless it is to be read."""

    def __init__(self, command: Sequence[str], log: Path, read: bool = False):
        self.name = Path(command[0]).name
        self.log = log
        with log.open("wb") as file:
            output = subprocess.PIPE if read else file
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=file
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def read_line(self, timeout: float) -> str:
        """The next line of its output, which must come in time."""
        readable, _, _ = select.select([self._process.stdout], [], [], timeout)
        line = self._process.stdout.readline() if readable else b""
        if not line:
            self.stop()
            raise BenchmarkFailure(f"{self.name} said nothing for {timeout} s: {self.complaint()}")
        return line.decode().strip()

    def wait(self, timeout: float) -> str:
        """The rest of its output, once it has ended well."""
        try:
            output, _ = self._process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.stop()
            raise BenchmarkFailure(f"{self.name} has not ended after {timeout:.0f} s")
        if self._process.returncode != 0:
            raise BenchmarkFailure(
                f"{self.name} ended with {self._process.returncode}: {self.complaint()}"
            )
        return output.decode()

    def check_alive(self) -> None:
        if not self.running:
            raise BenchmarkFailure(f"{self.name} has ended: {self.complaint()}")

    def complaint(self) -> str:
        """The end of what it wrote on standard error."""
        return self.log.read_text(errors="replace")[-2000:].strip() or "(no message)"

    def interrupt(self) -> None:
        """Asks it to end as Ctrl-C does, and waits for that."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=WAIT_SECONDS)

    def stop(self) -> None:
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._process.stdout is not None:
            self._process.stdout.close()


def free_port() -> int:
    """A TCP port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resident_bytes(pid: int) -> int:
    """VmRSS of a process."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def http_status(port: int, path: str) -> int:
    """The status of a GET; 0 while nobody listens."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(request.encode())
            head = connection.recv(256)
    except OSError:
        return 0
    return int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.1 ") else 0


def wait_for(condition: Callable[[], bool], what: str) -> float:
    """Asks until the answer is yes; returns the moment, on the monotonic clock."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise BenchmarkFailure(f"{what}: not within {WAIT_SECONDS} s")
        time.sleep(POLL_SECONDS)
    return time.monotonic()
