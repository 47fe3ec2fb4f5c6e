"""Clients leave whenever they like and workers come and go: nothing of either stays behind."""

import http.client
import itertools
import json
import random
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from event_stream import whole_events
from processes import MODEL, Router, binary
from transcript import Transcript, parse

REQUESTS = 300
CLIENTS = 12
SEED = 4
# What allocators keep and caches hold; a leak of one connection's buffers a request is more.
GROWTH_BYTES_MAX = 48 << 20


def body() -> str:
    return json.dumps({"model": MODEL, "input": "Sing a long song.", "stream": True})


def stream(router: Router, seed: int) -> str:
    """Reads a stream to its end, or to a random moment before, and says which."""
    dice = random.Random(seed)
    lines_max = dice.choice([0, 1, 5, 40, None])
    connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=60)
    try:
        connection.request("POST", "/v1/responses", body(), {"Content-Type": "application/json"})
        if lines_max == 0:
            time.sleep(dice.random() / 20)
            return "left"
        response = connection.getresponse()
        if response.status != 200:
            response.read()
            return "refused"
        lines = [line.decode().rstrip("\n") for line in itertools.islice(response, lines_max)]
        if lines_max is not None and len(lines) == lines_max:
            Transcript(parse(whole_events(lines), is_cut=True), is_cut=True)
            return "left"
        Transcript(parse(lines))
        return "ended"
    finally:
        connection.close()


class Replacements(threading.Thread):
    """Kills a worker and starts another one, over and over."""

    def __init__(self, router: Router) -> None:
        super().__init__()
        self._router = router
        self._is_over = threading.Event()
        self.count = 0

    def run(self) -> None:
        while not self._is_over.wait(0.3):
            name = f"guest-{self.count % 2}"
            worker = self._router.simulated_worker(MODEL, "--name", name)
            worker.wait_until(lambda worker=worker: "attached" in worker.output, "attached")
            self._is_over.wait(0.3)
            worker.kill()
            self.count += 1

    def stop(self) -> None:
        self._is_over.set()
        self.join()


def workers(router: Router) -> list[dict]:
    result = subprocess.run(
        [binary(), "workers", "--json", "--socket", router.folder / "admin.sock"],
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["data"]


def is_idle(router: Router) -> bool:
    attached = workers(router)
    metrics = router.get("/metrics")[1].decode().splitlines()
    return (
        [worker["name"] for worker in attached] == ["host"]
        and attached[0]["streams"]["running"] == 0
        and attached[0]["load"]["waiting_streams"] == 0
        and "hocket_http_answers 0.0" in metrics
    )


def test_nothing_stays_behind(router):
    router.simulated_worker(MODEL, "--name", "host", "--tokens-per-second", "2000")
    assert {stream(router, seed) for seed in range(20)} <= {"left", "ended"}
    router.process.wait_until(lambda: is_idle(router), "idle")
    descriptors, memory = router.process.descriptors, router.process.memory_bytes

    replacements = Replacements(router)
    replacements.start()
    with ThreadPoolExecutor(CLIENTS) as pool:
        seeds = range(SEED * REQUESTS, (SEED + 1) * REQUESTS)
        ends = list(pool.map(lambda seed: stream(router, seed), seeds))
    replacements.stop()

    assert set(ends) <= {"left", "ended"}, ends
    assert min(ends.count("left"), ends.count("ended")) > REQUESTS // 20
    assert replacements.count > 1
    router.process.wait_until(lambda: is_idle(router), "idle again")
    router.process.wait_until(
        lambda: router.process.descriptors <= descriptors, "rid of every descriptor"
    )
    assert router.process.memory_bytes - memory < GROWTH_BYTES_MAX
