"""The two servers under load: the router, and the limit server beside it."""

import os
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

from .processes import BenchmarkFailure, Process, free_port, http_status, wait_for


@dataclass(frozen=True)
class Bench:
    """Where things are."""

    hocket: Path
    programs: Path  # what build.sh has compiled
    scratch: Path  # sockets, logs; removed at the end

    @property
    def router_socket(self) -> Path:
        return self.scratch / "router.sock"


class Server:
    """A running server: its process, its TCP port and the socket of its workers."""

    target = ""

    def __init__(self, bench: Bench, command: list[str], port: int, socket_path: Path):
        self.bench = bench
        self.port = port
        self.socket_path = socket_path
        self.process = Process(command, bench.scratch / f"{self.target}.log")

    @property
    def pid(self) -> int:
        return self.process.pid

    def await_worker(self) -> float:
        """Returns the moment when the server knew of the worker that attaches."""
        return time.monotonic()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *arguments: object) -> None:
        self.process.__exit__(*arguments)
        self.socket_path.unlink(missing_ok=True)


class Router(Server):
    """`hocket serve`; HOCKET_SERVE_ARGUMENTS may add to its command line."""

    target = "hocket"

    def __init__(self, bench: Bench):
        port, socket_path = free_port(), bench.router_socket
        command = [str(bench.hocket), "serve", "--http", f"127.0.0.1:{port}"]
        command += ["--socket", str(socket_path), "--store", "memory"]
        command += shlex.split(os.environ.get("HOCKET_SERVE_ARGUMENTS", ""))
        super().__init__(bench, command, port, socket_path)

    def status(self, path: str) -> int:
        self.process.check_alive()
        return http_status(self.port, path)

    def await_start(self) -> float:
        return wait_for(lambda: self.status("/healthz") == 200, "the router answers /healthz")

    def await_worker(self) -> float:
        return wait_for(lambda: self.status("/readyz") == 200, "the router answers /readyz")


class LimitServer(Server):
    """limit-server.c, with events of the router's size."""

    target = "limit"

    def __init__(self, bench: Bench, event_bytes: int):
        port, socket_path = free_port(), bench.scratch / "limit.sock"
        command = [str(bench.programs / "limit-server"), "--socket", str(socket_path)]
        command += ["--port", str(port), "--event-bytes", str(event_bytes)]
        super().__init__(bench, command, port, socket_path)
        wait_for(socket_path.exists, "the limit server listens")


def check_binary(path: Path) -> Path:
    if not os.access(path, os.X_OK):
        raise BenchmarkFailure(f"{path} is no program; build it, or set HOCKET_BINARY")
    return path.resolve()
