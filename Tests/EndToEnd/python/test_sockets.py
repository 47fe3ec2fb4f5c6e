"""How the HTTP socket comes and goes when it is a Unix socket."""

import contextlib
import os
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import Process, binary


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


def serve(folder: Path, http: str, name: str = "router") -> Process:
    return Process(
        binary(), "serve", "--http", http, "--socket", folder / f"{name}-worker.sock",
        "--inspect-socket", folder / f"{name}-inspect.sock",
        "--admin-socket", folder / f"{name}-admin.sock",
        log=folder / f"{name}.log",
    )  # fmt: skip


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
        client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        return client.recv(64).startswith(b"HTTP/1.0 200")


def leave_stale_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))


def test_it_is_for_one_user_alone_and_gone_at_the_end(folder):
    path = folder / "http.sock"
    router = serve(folder, f"unix:{path}")
    router.wait_until(lambda: answers(path), "answering")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert router.stop() == 0
    assert not path.exists()


def test_a_stale_one_is_replaced(folder):
    path = folder / "http.sock"
    leave_stale_socket(path)
    router = serve(folder, f"unix:{path}")
    router.wait_until(lambda: answers(path), "answering")
    assert router.stop() == 0


def test_a_live_one_is_left_alone(folder):
    path = folder / "http.sock"
    first = serve(folder, f"unix:{path}", "first")
    first.wait_until(lambda: answers(path), "answering")
    second = serve(folder, f"unix:{path}", "second")
    assert second.wait() == 1
    assert f"another instance listens on {path}" in second.output
    assert answers(path)
    assert first.stop() == 0


def test_one_of_another_program_is_left_alone(folder):
    path = folder / "http.sock"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        router = serve(folder, f"unix:{path}")
        assert router.wait() == 1
        assert "another program listens" in router.output
    assert path.is_socket()


def test_a_file_that_is_no_socket_is_left_alone(folder):
    path = folder / "http.sock"
    path.write_text("precious")
    router = serve(folder, f"unix:{path}")
    assert router.wait() == 1
    assert "is no socket" in router.output
    assert path.read_text() == "precious"


def test_one_that_took_its_place_is_left_alone(folder):
    path = folder / "http.sock"
    router = serve(folder, f"unix:{path}")
    router.wait_until(lambda: answers(path), "answering")
    path.unlink()
    leave_stale_socket(path)
    assert router.stop() == 0
    assert path.is_socket()


def test_a_path_that_is_too_long_is_refused_with_the_numbers(folder):
    path = folder / ("x" * 108)
    router = serve(folder, f"unix:{path}")
    assert router.wait() != 0
    assert f"1 to 107 bytes, not {len(str(path))}" in router.output


def test_the_workers_socket_is_open_to_other_users_only_when_some_are_allowed(folder):
    modes = {}
    for name, options in {"alone": (), "shared": ("--allow-uid", "12345")}.items():
        path = folder / f"{name}.sock"
        router = Process(
            binary(), "serve", "--http", f"unix:{folder / name}", "--socket", path,
            "--inspect-socket", folder / f"{name}-inspect.sock", *options,
            log=folder / f"{name}.log",
        )  # fmt: skip
        router.wait_until(path.is_socket, "listening")
        modes[name] = stat.S_IMODE(path.stat().st_mode)
        assert router.stop() == 0
    assert modes == {"alone": 0o600, "shared": 0o666}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_worker_of_another_user_is_told_why_it_is_turned_away(folder):
    path = folder / "worker.sock"
    router = Process(
        binary(), "serve", "--http", f"unix:{folder / 'http'}", "--socket", path,
        "--inspect-socket", folder / "inspect.sock", "--allow-uid", "12345",
        log=folder / "router.log",
    )  # fmt: skip
    router.wait_until(path.is_socket, "listening")
    script = """
import os, socket, sys
worker = socket.socket(socket.AF_UNIX)
os.setuid(65534)
worker.connect(sys.argv[1])
while came := worker.recv(4096):
    sys.stdout.buffer.write(came)
"""
    folder.chmod(0o755)
    heard = subprocess.run(["python3", "-c", script, path], capture_output=True, timeout=30)
    assert router.stop() == 0
    assert heard.stdout.startswith(b"HOCK\x01\x00\r\n"), heard.stderr
    assert b"user 65534 may not connect to" in heard.stdout
    assert b"--allow-uid" in heard.stdout


@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_a_folder_that_others_can_write_to_is_refused(folder, mode):
    folder.chmod(mode)
    router = serve(folder, f"unix:{folder / 'http'}")
    assert router.wait() == 1
    assert "lets others write" in router.output
    assert str(folder) in router.output


def test_a_start_that_fails_while_clients_come_ends_in_order(folder):
    """Connections that nobody has taken up yet must not bring the process down."""
    path = folder / "http.sock"
    (folder / "router-admin.sock").write_text("in the way")
    for number in range(20):
        router = serve(folder, f"unix:{path}")
        while router.is_running:
            with socket.socket(socket.AF_UNIX) as client, contextlib.suppress(OSError):
                client.connect(str(path))
                client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                # Some wait for the answer, and some leave at once.
                client.recv(64 * (number % 2))
        assert router.wait() == 1, router.output
        assert "is no socket" in router.output
