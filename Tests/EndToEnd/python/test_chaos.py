"""A short run of Deploy/chaos: workers are killed and replaced while responses stream."""

import json
import os
import subprocess
import sys

import pytest

from processes import ROOT, binary

CHAOS = ROOT / "Deploy" / "chaos"
RUN = CHAOS / "run.sh"


def run(*options: str) -> dict:
    # Its own port, sockets and processes; at most as long as the slowest stream.
    result = subprocess.run(
        [RUN, *options, "--workers", "3", "--json", "/dev/stderr", binary()],
        capture_output=True, text=True, timeout=120, env=os.environ,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stderr[result.stderr.index("{") :])


@pytest.fixture(scope="module")
def killed() -> dict:
    return run("--requests", "200", "--concurrency", "16", "--kill-every", "0.5")


def test_every_request_ends_when_workers_are_killed(killed):
    assert killed["killed"] > 3
    assert killed["completed"] + killed["failed_with_terminal_event"] == 200
    assert killed["retried"] is not None
    assert killed["hung"] == 0 and killed["broken"] == []


def test_no_token_is_lost_or_doubled_when_workers_are_killed(killed):
    assert killed["lost_or_doubled_tokens"] == []


def test_a_killed_workers_streams_end_within_a_second(killed):
    assert killed["failed_with_terminal_event"] > 0
    assert killed["failed_without_a_kill"] == []
    assert killed["kill_to_terminal_event_ms_p99"] < 1000


def test_nobody_notices_that_workers_are_replaced():
    figures = run("--requests", "150", "--concurrency", "16", "--kill-every", "0",
                  "--replace-every", "0.5")  # fmt: skip
    assert figures["replaced"] > 3
    assert figures["completed"] == 150
    assert figures["lost_or_doubled_tokens"] == []


def test_a_failure_belongs_to_the_death_of_its_own_worker(monkeypatch):
    monkeypatch.syspath_prepend(str(CHAOS))
    for name in [name for name in sys.modules if name.split(".")[0] == "driver"]:
        monkeypatch.delitem(sys.modules, name)
    from driver.client import Answer
    from driver.fleet import Kill
    from driver.tally import Tally
    from driver.tap import Submission

    tally = Tally()
    failed = {"type": "response.failed", "response": {"error": {"message": "It broke."}}}
    for id, ended_at in {"its own": 12.5, "another's": 12.5, "before": 12.5, "late": 19}.items():
        tally.add(1, Answer(200, id, terminal=failed, ended_at=ended_at), None)
    submissions = {
        "its own": Submission("w1", 10),
        "another's": Submission("w2", 10),
        "before": Submission("w1", 12.2),
        "late": Submission("w1", 11),
    }
    kills = [Kill("w1", 9), Kill("w1", 12), Kill("w1", 18.9), Kill("w3", 12.4)]
    times, unexplained = tally.seconds_since_kill(submissions, kills)
    assert times == [0.5, 7]
    assert unexplained == ["another's", "before"]
