"""The limits that `hocket serve` is given for what it keeps and makes take effect."""

import http.client
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import MODEL, Router

HERE = Path(__file__).parent
ENDLESS = "endless"


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


def post(router: Router, path: str, body: dict) -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=20)
    connection.request("POST", path, json.dumps(body))
    response = connection.getresponse()
    status, answer = response.status, json.loads(response.read())
    connection.close()
    return status, answer


def ask(router: Router, **more) -> tuple[int, dict]:
    return post(router, "/v1/responses", {"model": MODEL, "input": "Hi."} | more)


def kept(router: Router, ids: list[str]) -> list[bool]:
    return [router.get(f"/v1/responses/{id}")[0] == 200 for id in ids]


@pytest.mark.parametrize("place", [(), ("--store", "memory")])
def test_no_more_responses_are_kept_than_may_be(folder, place):
    router = Router(folder, *place, "--store-responses-max", "2")
    router.simulated_worker(MODEL)
    ids = [ask(router)[1]["id"] for _ in range(4)]
    assert kept(router, ids) == [False, False, True, True]
    router.stop()


def test_no_more_bytes_are_kept_than_may_be(folder):
    router = Router(folder, "--store-bytes-max", "20000")
    router.simulated_worker(MODEL)
    ids = [ask(router, instructions="x" * 4000)[1]["id"] for _ in range(6)]
    are_kept = kept(router, ids)
    assert not are_kept[0]
    assert are_kept[-1]
    router.stop()


def test_no_more_conversations_are_kept_than_may_be(folder):
    router = Router(folder, "--conversations-max", "2")
    created = [post(router, "/v1/conversations", {}) for _ in range(4)]
    ids = [answer["id"] for status, answer in created if status == 200]
    there = [id for id in ids if router.get(f"/v1/conversations/{id}")[0] == 200]
    assert len(there) == 2
    router.stop()


def test_no_more_is_made_in_the_background_than_may_be(folder):
    router = Router(folder, "--background-max", "1", "--background-waiting-max", "1")
    router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
    begun = [ask(router, model=ENDLESS, background=True) for _ in range(3)]
    assert [status for status, _ in begun] == [200, 200, 429]
    assert "max: 1 made, 1 waiting" in begun[2][1]["error"]["message"]
    made, waiting = (answer["id"] for _, answer in begun[:2])
    router.process.wait_until(lambda: state(router, made) == "in_progress", "making the first")
    assert state(router, waiting) == "queued"
    # Whose turn has come keeps nobody from waiting.
    post(router, f"/v1/responses/{made}/cancel", {})
    router.process.wait_until(lambda: state(router, waiting) == "in_progress", "making the next")
    assert ask(router, model=ENDLESS, background=True)[0] == 200
    router.kill()


def test_those_that_wait_for_a_worker_have_a_limit_of_their_own(folder):
    router = Router(folder, "--background-max", "2", "--background-waiting-max", "2")
    router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS, "1", "1")
    router.simulated_worker(MODEL)
    router.process.wait_until(
        lambda: MODEL in router.get("/v1/models")[1].decode(), "with both workers"
    )
    made = ask(router, model=ENDLESS, background=True)[1]["id"]
    router.process.wait_until(lambda: state(router, made) == "in_progress", "making the first")
    waiting = []
    while len(waiting) < 8:
        status, answer = ask(router, model=ENDLESS, background=True)
        if status != 200:
            break
        waiting.append(answer["id"])
    assert status == 429
    assert "wait for a worker (max: 2," in answer["error"]["message"]
    # They keep nobody from being made whose worker has room.
    done = ask(router, background=True)[1]["id"]
    router.process.wait_until(lambda: state(router, done) == "completed", "making another")
    assert {state(router, id) for id in waiting} == {"queued"}
    router.kill()


def state(router: Router, id: str) -> str:
    return json.loads(router.get(f"/v1/responses/{id}")[1])["status"]
