"""The router and its workers: processes that are started here, and ended here, and no others."""

import asyncio
import http.client
import signal
import socket
import time
from pathlib import Path
from typing import Optional

READY_SECONDS_MAX = 30.0
EXIT_SECONDS_MAX = 60.0


class Process:
    """One started program, whose output goes to a file."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log

    @staticmethod
    async def start(log: Path, *command: str) -> "Process":
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
            )
        return Process(process, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    @property
    def output(self) -> str:
        return self._log.read_text(errors="replace")

    async def kill(self) -> None:
        if self.is_running:
            self._process.kill()
        await self._process.wait()

    async def ended(self) -> int:
        """Waits for it to end by itself; its exit status."""
        return await asyncio.wait_for(self._process.wait(), EXIT_SECONDS_MAX)

    async def stop(self) -> int:
        if self.is_running:
            self._process.send_signal(signal.SIGTERM)
        return await self.ended()


class Router:
    """`hocket serve` on a port and a socket of its own."""

    def __init__(self, process: Process, port: int, folder: Path) -> None:
        self.process = process
        self.port = port
        self.socket_path = folder / "worker.sock"
        self.inspect_path = folder / "inspect.sock"

    @staticmethod
    async def start(hocket: str, folder: Path) -> "Router":
        port = _free_port()
        process = await Process.start(
            folder / "router.log", hocket, "serve",
            "--http", f"127.0.0.1:{port}",
            "--socket", str(folder / "worker.sock"),
            "--inspect-socket", str(folder / "inspect.sock"),
            "--store", str(folder / "responses.sqlite"),
            "--log-level", "error",
        )  # fmt: skip
        return Router(process, port, folder)

    def get(self, path: str) -> tuple[Optional[int], str]:
        """The status and the body of a GET; no status while nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            return None, ""
        finally:
            connection.close()

    def metric(self, name: str) -> Optional[int]:
        """The value of a metric without labels; nothing if there is none of that name."""
        for line in self.get("/metrics")[1].splitlines():
            if line.startswith(f"{name} "):
                return int(float(line.split(" ")[1]))
        return None

    async def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS_MAX
        while self.get("/readyz")[0] != 200:
            if time.monotonic() > deadline or not self.process.is_running:
                raise RuntimeError(f"the router is not ready:\n{self.process.output}")
            await asyncio.sleep(0.02)

    def open_descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def resident_bytes(self) -> int:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * 4096


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
