"""Workers of every make keep to the protocol, as far as `hocket worker-check` can see."""

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from processes import ROOT, Process, binary

HERE = Path(__file__).parent
WIRE = ROOT / "Sources" / "CHocketWire"
CHECK_SECONDS_MAX = 120
# What only workers that offer QUERY can show.
QUERIES = {"describe", "unknown-method"}
# What only workers that offer log probabilities can.
LOGPROBS = {"logprobs", "top-logprobs"}
# What only workers that do not offer it can.
UNOFFERED = "unoffered-"


@pytest.fixture
def folder():
    # Not tmp_path: the path of a socket has room for about a hundred bytes.
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


@pytest.fixture
def start(folder):
    """Starts a worker again whenever it ends, as a supervisor does, until the test is over."""
    over = threading.Event()
    supervisors: list[threading.Thread] = []

    def supervise(*command) -> None:
        while not over.is_set():
            worker = Process(*command, log=folder / "worker.log")
            while worker.is_running and not over.wait(0.02):
                pass
            worker.kill()

    def start(*command) -> None:
        supervisors.append(threading.Thread(target=supervise, args=command))
        supervisors[-1].start()

    yield start
    over.set()
    for supervisor in supervisors:
        supervisor.join()


def check(*arguments) -> dict:
    """The report on a worker. What it did wrong stands in the output of a test that failed."""
    command = [binary(), "worker-check", "--json", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=CHECK_SECONDS_MAX)
    report = json.loads(done.stdout)
    for result in report["results"]:
        if result["verdict"] != "pass":
            print(result["verdict"], result["name"], result["reason"])
    assert done.returncode == (1 if report["failed"] else 0)
    return report


def verdicts(report: dict, verdict: str) -> set[str]:
    return {result["name"] for result in report["results"] if result["verdict"] == verdict}


def assert_passes(report: dict, name: str, *, has_logprobs: bool = False) -> None:
    assert report["worker"]["name"] == name
    assert verdicts(report, "fail") == set()
    skipped = {name for name in verdicts(report, "skip") if not name.startswith(UNOFFERED)}
    assert skipped <= QUERIES | LOGPROBS
    assert skipped.isdisjoint(LOGPROBS) == has_logprobs
    assert report["passed"] > 70


def test_the_simulated_worker_passes(folder, start):
    socket = folder / "check.sock"
    start(
        *(binary(), "worker", "--simulate", "--socket", socket),
        *("--tokens-per-second", "2000", "--streams-max", "64"),
    )
    assert_passes(check("--listen", socket), "simulated", has_logprobs=True)


def test_the_python_kit_passes(folder, start):
    start(sys.executable, HERE / "endless_worker.py", folder / "check.sock", "endless")
    assert_passes(check("--listen", folder / "check.sock"), "endless", has_logprobs=True)


@pytest.fixture(scope="module")
def counting_worker(tmp_path_factory) -> Path:
    """The example of the C kit, compiled without a warning."""
    objects = tmp_path_factory.mktemp("c")
    common = ["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-I", WIRE / "include"]
    # Generated code is not ours to warn about.
    generated = [*(WIRE / "hocket" / "v1").glob("*.c"), WIRE / "hocket_arena.c"]
    subprocess.run([*common, "-c", *generated], cwd=objects, check=True)
    program = objects / "counting_worker"
    strict = ["-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined"]
    source = ROOT / "Deploy" / "Workers" / "c" / "counting_worker.c"
    libraries = [*objects.glob("*.o"), "-lprotobuf-c"]
    subprocess.run([*common, *strict, "-o", program, source, *libraries], check=True)
    return program


def test_the_c_kit_passes(folder, start, counting_worker):
    start(counting_worker, folder / "check.sock")
    assert_passes(check("--listen", folder / "check.sock"), "counting-c")


@pytest.fixture(scope="module")
def messages(tmp_path_factory) -> Path:
    """What protoc makes of the .proto files: all that a stranger has beside the page."""
    generated = tmp_path_factory.mktemp("messages")
    protos = sorted((ROOT / "Protos" / "hocket" / "v1").glob("*.proto"))
    command = ["protoc", "-I", ROOT / "Protos", "--python_out", generated, *protos]
    subprocess.run(command, check=True)
    return generated


def test_a_worker_written_from_the_page_alone_passes(folder, start, messages):
    start(sys.executable, HERE / "page_worker.py", messages, folder / "check.sock")
    report = check("--listen", folder / "check.sock")
    assert_passes(report, "from-the-page")
    assert verdicts(report, "skip") == LOGPROBS


def test_a_worker_that_listens_is_dialled(folder, start, messages):
    socket = folder / "worker.sock"
    start(sys.executable, HERE / "page_worker.py", messages, "--listen", socket)
    assert_passes(check(socket), "from-the-page")


def test_one_case_is_run_when_one_is_asked_for(folder, start, messages):
    start(sys.executable, HERE / "page_worker.py", messages, folder / "check.sock")
    report = check("--listen", folder / "check.sock", "--case", "ping")
    assert report["results"][0]["name"] == "ping"
    assert report["results"][0]["verdict"] == "pass"
    assert "one-stream" not in {result["name"] for result in report["results"]}


def test_no_worker_is_a_failure(folder):
    report = check("--listen", folder / "check.sock", "--patience", "1")
    assert report["worker"] is None
    assert verdicts(report, "fail") == {"hello"}
    assert verdicts(report, "pass") == set()
