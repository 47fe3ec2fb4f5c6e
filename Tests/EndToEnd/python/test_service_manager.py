"""Under systemd: sockets that are passed, and notifications."""

import http.client
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import Process, binary
from service_manager import service, tcp_listener, unix_listener


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


def get(address: tuple[str, int], path: str) -> int:
    connection = http.client.HTTPConnection(*address, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_passed_sockets_are_listened_on(folder):
    sockets = {"worker": unix_listener(folder / "passed.sock"), "http": tcp_listener()}
    address = sockets["http"].getsockname()
    with service(folder, sockets) as router:
        router.notifications.wait_for("READY", "1")
        assert get(address, "/healthz") == 200
        worker = Process(
            binary(), "worker", "--simulate", "--socket", folder / "passed.sock",
            log=folder / "worker.log",
        )  # fmt: skip
        router.notifications.wait_for("STATUS", "1 worker attached")
        assert get(address, "/readyz") == 200
        assert worker.stop() == 0


def test_a_client_that_comes_before_the_service_is_answered(folder):
    sockets = {"http": tcp_listener()}
    early = socket.create_connection(sockets["http"].getsockname(), 10)
    early.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
    with service(folder, sockets), early:
        assert early.recv(64).startswith(b"HTTP/1.0 200")


def test_a_passed_socket_outlives_the_service(folder):
    path = folder / "passed.sock"
    with service(folder, {"worker": unix_listener(path)}, "--http", "127.0.0.1:0") as router:
        router.notifications.wait_for("READY", "1")
        router.signal()
        assert router.wait()[0] == 0
        assert path.is_socket()
        assert not (folder / "passed.sock.lock").exists()


def test_http_may_be_a_passed_unix_socket(folder):
    path = folder / "http.sock"
    with service(folder, {"http": unix_listener(path)}) as router:
        router.notifications.wait_for("READY", "1")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert client.recv(64).startswith(b"HTTP/1.0 200")


def test_sockets_for_operators_may_be_passed(folder):
    sockets = {
        "admin": unix_listener(folder / "passed-admin.sock"),
        "inspect": unix_listener(folder / "passed-inspect.sock"),
    }
    with service(folder, sockets, "--http", "127.0.0.1:0") as router:
        router.notifications.wait_for("READY", "1")
        listing = subprocess.run(
            [binary(), "workers", "--json", "--socket", folder / "passed-admin.sock"],
            capture_output=True, text=True, timeout=20,
        )  # fmt: skip
        assert listing.stdout == '{"object":"list","data":[]}\n'
        with socket.socket(socket.AF_UNIX) as watcher:
            watcher.settimeout(20)
            watcher.connect(str(folder / "passed-inspect.sock"))
            assert watcher.recv(1)
        assert not (folder / "hocket" / "admin.sock").exists()
        assert not (folder / "hocket" / "inspect.sock").exists()


def test_ready_is_said_when_all_listen_and_stopping_at_the_signal(folder):
    with service(folder, {}, "--http", "127.0.0.1:0") as router:
        ready = router.notifications.next()
        assert ready == {"READY": "1", "STATUS": "0 workers attached"}
        for name in ("worker.sock", "inspect.sock"):
            assert (folder / "hocket" / name).is_socket()
        router.signal()
        assert router.notifications.next()["STOPPING"] == "1"
        assert router.wait()[0] == 0


def test_the_watchdog_hears_twice_as_often_as_it_asks(folder):
    options = ("--http", "127.0.0.1:0")
    with service(folder, {}, *options, WATCHDOG_USEC="400000") as router:
        router.notifications.wait_for("READY", "1")
        for _ in range(3):
            assert router.notifications.next()["WATCHDOG"] == "1"


def test_the_watchdog_of_a_router_that_hangs_hears_nothing(folder):
    options = ("--http", "127.0.0.1:0")
    with service(folder, {}, *options, WATCHDOG_USEC="200000") as router:
        router.notifications.wait_for("WATCHDOG", "1")
        router.signal(signal.SIGSTOP)
        # What was said before may still be waiting to be read.
        with pytest.raises(TimeoutError):
            for _ in range(10):
                router.notifications.next(seconds_max=1)


def test_an_abstract_notification_socket_is_reached(folder):
    name = f"\0hocket-test-{os.getpid()}-{os.urandom(4).hex()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name)
        manager.settimeout(20)
        notify = {"NOTIFY_SOCKET": "@" + name[1:]}
        with service(folder, {}, "--http", "127.0.0.1:0", **notify):
            assert b"READY=1" in manager.recv(4096)


def test_descriptors_of_another_process_are_left_alone(folder):
    environment = os.environ | {
        "LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "http",
        "XDG_RUNTIME_DIR": str(folder), "XDG_STATE_HOME": str(folder),
    }  # fmt: skip
    process = subprocess.Popen(
        [binary(), "serve", "--http", "127.0.0.1:0"],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert any("127.0.0.1:0" in line for line in process.stderr)
    finally:
        process.terminate()
        assert process.wait(20) == 0
        process.stderr.close()


def datagram() -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)


def silent() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("http", datagram, "it is no stream socket"),
        ("http", silent, "it does not listen"),
        ("worker", tcp_listener, "no Unix socket"),
        ("other", tcp_listener, "passed as 'other'"),
        ("http", lambda: tcp_listener("0.0.0.0"), "reachable from other machines"),
    ],
)
def test_a_socket_that_is_not_what_its_name_says_is_refused(folder, name, make, words):
    with service(folder, {name: make()}) as router:
        status, output = router.wait()
    assert status != 0
    assert words in output
