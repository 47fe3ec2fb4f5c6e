"""Hocket's processes as a test starts and ends them: its own, and no others."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# The simulated worker's: it must be plain that no model answers.
MODEL = "simulated-gpt-oss"
WORKERS = ROOT / "Deploy" / "Workers"
READY_SECONDS_MAX = 30
EXIT_SECONDS_MAX = 20


def binary() -> str:
    path = os.environ.get("HOCKET_BINARY")
    if not path or not os.access(path, os.X_OK):
        raise RuntimeError("set HOCKET_BINARY to a built hocket")
    return path


def free_port() -> int:
    """A port that nobody listens on, and that the kernel gives to no connection meanwhile."""
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Process:
    """One started program. pytest shows its output with the test that failed."""

    def __init__(self, *command: str | Path, log: Path, stdin: int = subprocess.DEVNULL) -> None:
        self._log = log
        self._is_ending = False
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ
                | {
                    "PYTHONPATH": str(WORKERS),
                    "PYTHONUNBUFFERED": "1",
                    # What a program keeps is its own, and there again when it is started again.
                    "XDG_STATE_HOME": str(log.with_suffix(".state")),
                },
            )

    @property
    def output(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def id(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def signal(self, number: int) -> None:
        self._is_ending = True
        self._process.send_signal(number)

    def wait(self, seconds_max: float = EXIT_SECONDS_MAX) -> int:
        """Waits for the process to end by itself, and returns its exit status."""
        return self._process.wait(seconds_max)

    @property
    def memory_bytes(self) -> int:
        """What it holds of the machine's memory."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def most_memory_bytes(self) -> int:
        """The most that it held at any instant since the last time that was forgotten."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) << 10

    def forget_most_memory(self) -> None:
        """Begins anew with the most (proc_pid_clear_refs(5))."""
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    @property
    def descriptors(self) -> int:
        """How many files, sockets and the like it has open."""
        return len(os.listdir(f"/proc/{self._process.pid}/fd"))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._report()

    def _report(self) -> None:
        print(f"--- {self._log.name}, status {self._process.poll()}\n{self.output}")

    def stop(self) -> int:
        """Ends the process politely, or else by force, and returns its exit status."""
        # A second signal would end it at once.
        if self.is_running and not self._is_ending:
            self.signal(signal.SIGTERM)
        try:
            return self._process.wait(EXIT_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError("SIGTERM did not end it") from None
        finally:
            self._report()

    def wait_until(self, condition, what: str, seconds_max: float = READY_SECONDS_MAX) -> None:
        deadline = time.monotonic() + seconds_max
        while not condition():
            assert self.is_running, f"it ended before it was {what}:\n{self.output}"
            assert time.monotonic() < deadline, f"it is not {what}:\n{self.output}"
            time.sleep(0.01)


class Server:
    """A process that serves HTTP on a port of this machine."""

    def __init__(self, port: int, process: Process) -> None:
        self.port = port
        self.process = process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def answers(self, path: str, status: int) -> bool:
        try:
            return self.get(path)[0] == status
        except OSError:
            return False

    def wait_until_ready(self) -> None:
        self.process.wait_until(lambda: self.answers("/readyz", 200), "ready")

    def wait_until_not_ready(self) -> None:
        self.process.wait_until(lambda: self.answers("/readyz", 503), "without a worker")


class Router(Server):
    """`hocket serve` with sockets of its own, and the workers that were started for it."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self._workers: list[Process] = []
        self.socket = folder / "worker.sock"
        port = free_port()
        process = Process(
            binary(), "serve",
            "--http", f"127.0.0.1:{port}",
            "--socket", self.socket,
            "--inspect-socket", folder / "inspect.sock",
            *options,
            log=folder / "router.log",
        )  # fmt: skip
        super().__init__(port, process)
        process.wait_until(lambda: self.answers("/healthz", 200), "healthy")

    def simulated_worker(self, model: str, *options: str) -> Process:
        command = [binary(), "worker", "--simulate", "--socket", self.socket, "--model", model]
        return self._worker(*command, *options)

    def python_worker(self, *command: str | Path) -> Process:
        return self._worker(sys.executable, *command)

    def _worker(self, *command: str | Path) -> Process:
        log = self.folder / f"worker-{len(self._workers)}.log"
        self._workers.append(Process(*command, log=log))
        self.wait_until_ready()
        return self._workers[-1]

    def stop(self) -> None:
        for worker in self._workers:
            worker.kill()
        assert self.process.stop() == 0

    def kill(self) -> None:
        for process in [*self._workers, self.process]:
            process.kill()
