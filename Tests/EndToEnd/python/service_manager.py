"""What systemd does for a service: passes sockets it listens on, and hears how the service is."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from processes import binary

# Sets LISTEN_PID, which only the process itself knows before it becomes the service.
LAUNCHER = """
import os, sys
passed = [int(descriptor) for descriptor in sys.argv[1].split(",") if descriptor]
# Out of the way first: one of them may have the number of another's place.
copies = [os.dup2(descriptor, 100 + index) for index, descriptor in enumerate(passed)]
for index, copy in enumerate(copies):
    os.dup2(copy, 3 + index)
    os.close(copy)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[2], sys.argv[2:])
"""
SECONDS_MAX = 20


class Notifications:
    """The manager's end of NOTIFY_SOCKET."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.path = path

    def next(self, seconds_max: float = SECONDS_MAX) -> dict[str, str]:
        self._socket.settimeout(seconds_max)
        lines = self._socket.recv(4096).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def wait_for(self, name: str, value: str) -> dict[str, str]:
        while True:
            notification = self.next()
            if notification.get(name) == value:
                return notification

    def close(self) -> None:
        self._socket.close()


def unix_listener(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    return listener


def tcp_listener(host: str = "127.0.0.1") -> socket.socket:
    listener = socket.socket()
    listener.bind((host, 0))
    listener.listen()
    return listener


class Service:
    """`hocket serve` as a service manager runs it."""

    def __init__(
        self, folder: Path, sockets: dict[str, socket.socket], *options: str | Path, **variables: str
    ) -> None:
        self.notifications = Notifications(folder / f"notify-{os.urandom(4).hex()}.sock")
        descriptors = [str(listener.fileno()) for listener in sockets.values()]
        environment = {
            "LISTEN_FDS": str(len(sockets)),
            "LISTEN_FDNAMES": ":".join(sockets),
            "NOTIFY_SOCKET": str(self.notifications.path),
            # Whatever is not passed is made here.
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_STATE_HOME": str(folder),
        }
        self._process = subprocess.Popen(
            ["python3", "-c", LAUNCHER, ",".join(descriptors), binary(), "serve", *options],
            env=os.environ | environment | variables,
            pass_fds=[int(descriptor) for descriptor in descriptors],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def signal(self, number: int = signal.SIGTERM) -> None:
        self._process.send_signal(number)

    def wait(self) -> tuple[int, str]:
        """The exit status, and what the service wrote."""
        output, _ = self._process.communicate(timeout=SECONDS_MAX)
        return self._process.returncode, output.decode(errors="replace")

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self.notifications.close()


@contextlib.contextmanager
def service(
    folder: Path, sockets: dict[str, socket.socket], *options: str | Path, **variables: str
) -> Iterator[Service]:
    running = Service(folder, sockets, *options, **variables)
    try:
        yield running
    finally:
        running.end()
        for listener in sockets.values():
            listener.close()
