"""`hocket workers` against a running router."""

import http.client
import json
import os
import re
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import Router, binary

TABLE = """\
NAME        GEN  ID  STATE    BREAKER  STREAMS  WAITING  CACHE  TOKENS/S  WEIGHT  UPTIME  MODELS
a b/c       7    w1  serving  closed   0/64     0        0%     0         100     #s      small
the-longer  1    w2  serving  closed   0/1024   0        0%     0         100     #s      large
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def router(folder) -> Iterator[Router]:
    router = Router(folder)
    for worker in (
        router.simulated_worker("small", "--name", "a b/c", "--generation", "7", "--streams-max", "64"),
        router.simulated_worker("large", "--name", "the-longer"),
    ):
        worker.wait_until(lambda worker=worker: "attached" in worker.output, "attached")
    yield router
    router.stop()


def workers(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [binary(), "workers", *arguments, "--socket", folder / "admin.sock"],
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip


def listed(folder: Path) -> dict[str, dict]:
    result = workers(folder, "--json")
    assert result.returncode == 0, result.stderr
    return {worker["name"]: worker for worker in json.loads(result.stdout)["data"]}


def test_the_table_is_aligned(router, folder):
    # A worker that has not reported yet has dashes where its load is to be.
    router.process.wait_until(
        lambda: all(worker["load"] for worker in listed(folder).values()), "told the loads"
    )
    for table in (workers(folder).stdout, workers(folder, "list").stdout):
        assert re.sub(r"\d+s +(?=small|large)", "#s      ", table) == TABLE


def test_json_is_what_the_router_answered(router, folder):
    worker = listed(folder)["a b/c"]
    assert worker["object"] == "worker"
    assert worker["generation"] == 7
    assert worker["models"] == [{"name": "small", "context_tokens_max": 131072}]
    assert worker["streams"] == {"running": 0, "max": 64}
    assert worker["totals"].keys() == {"placed", "finished", "failed", "retried"}


def test_a_worker_describes_itself(router, folder):
    result = workers(folder, "describe", "a b/c")
    assert result.returncode == 0, result.stderr
    description = json.loads(result.stdout)
    assert description["models"] == [{"id": "small", "context_tokens_max": 131072}]
    assert (description["name"], description["engine"]) == ("a b/c", "simulation")
    assert (description["generation"], description["streams_max"]) == (7, 64)
    answer = json.loads(workers(folder, "describe", "a b/c", "--json").stdout)
    assert (answer["object"], answer["generation"]) == ("worker.description", 7)
    assert answer["description"]["name"] == "a b/c"


def test_a_drained_worker_gets_nothing_until_it_is_resumed(router, folder, connect):
    client = connect(router)
    drained = workers(folder, "drain", "a b/c")
    assert drained.returncode == 0, drained.stderr
    assert "  held  " in drained.stdout and "the-longer" not in drained.stdout
    assert listed(folder)["a b/c"]["state"] == "held"
    assert listed(folder)["the-longer"]["state"] == "serving"
    with pytest.raises(Exception, match="40[0-9]|50[0-9]|429"):
        client.responses.create(model="small", input="Hi.")
    assert workers(folder, "resume", "a b/c").returncode == 0
    assert listed(folder)["a b/c"]["state"] == "serving"
    assert client.responses.create(model="small", input="Hi.").output_text


def test_a_weight_is_set_and_kept_within_bounds(router, folder):
    assert "  250  " in workers(folder, "weight", "the-longer", "250").stdout
    assert listed(folder)["the-longer"]["weight"] == 250
    for wrong in ("0", "1001"):
        refused = workers(folder, "weight", "the-longer", wrong)
        assert refused.returncode == 1
        assert "from 1 to 1000" in refused.stderr
    assert listed(folder)["the-longer"]["weight"] == 250
    workers(folder, "weight", "the-longer", "100")


@pytest.mark.parametrize("action", [("drain",), ("resume",), ("describe",), ("weight", "5")])
def test_a_worker_that_is_not_there_is_named(router, folder, action):
    result = workers(folder, action[0], "no such", *action[1:])
    assert result.returncode == 1
    assert "No worker named 'no such' is attached." in result.stderr
    assert result.stdout == ""


def test_where_no_router_is_the_socket_is_named(folder):
    result = subprocess.run(
        [binary(), "workers", "--socket", folder / "none.sock"],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert result.returncode == 1
    assert f"no router answers on {folder / 'none.sock'}" in result.stderr


class AdminConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=10)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "param"),
    [
        ("DELETE", "/workers", None, 405, None),
        ("GET", "/workers/a/drain", None, 405, None),
        ("GET", "/nothing", None, 404, None),
        ("POST", "/workers/the-longer/weight", "", 400, None),
        ("POST", "/workers/the-longer/weight", "{}", 400, "weight"),
        ("POST", "/workers/the-longer/weight", '{"weight": "5"}', 400, "weight"),
        ("POST", "/workers/the-longer/weight", '{"weight": 1.5}', 400, "weight"),
        ("POST", "/workers/the-longer/weight", " " * 5000, 413, None),
    ],
)
def test_errors_have_the_usual_form(router, folder, method, path, body, status, param):
    connection = AdminConnection(folder / "admin.sock")
    connection.request(method, path, body)
    response = connection.getresponse()
    assert response.status == status
    error = json.loads(response.read())["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["param"] == param
    connection.close()


def test_the_socket_is_for_one_user_alone(router, folder):
    assert stat.S_IMODE((folder / "admin.sock").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_another_user_gets_no_byte_even_where_the_mode_would_let_it_in(router, folder):
    path = folder / "admin.sock"
    script = """
import os, socket, sys
client = socket.socket(socket.AF_UNIX)
os.setuid(65534)
client.connect(sys.argv[1])
try:
    client.sendall(b"GET /workers HTTP/1.0\\r\\n\\r\\n")
    print(len(client.recv(100)))
except ConnectionError:
    print(0)
"""
    folder.chmod(0o755)
    path.chmod(0o666)
    try:
        result = subprocess.run(
            ["python3", "-c", script, path], capture_output=True, text=True, timeout=20
        )
    finally:
        path.chmod(0o600)
        folder.chmod(0o700)
    assert result.stdout == "0\n", result.stderr
    assert "peer turned away" in router.process.output
