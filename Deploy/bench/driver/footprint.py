"""What a router costs before it does any work: memory, and the time until it is ready."""

import statistics
import time
from dataclasses import dataclass

from .loads import Load, paced
from .processes import Process, resident_bytes
from .rounds import start_client, start_worker
from .servers import Bench, Router

STREAMS = (1, 64, 256)
STEPS_PER_SECOND = 20
SAMPLE_SECONDS = 0.05
SETTLE_SECONDS = 0.5


@dataclass(frozen=True)
class Memory:
    """Resident bytes: idle with a worker attached, and at most while so many streams were open."""

    idle: int
    with_streams: dict[int, int]

    @property
    def per_stream(self) -> float:
        """What each further stream took, between the fewest and the most."""
        fewest, most = min(self.with_streams), max(self.with_streams)
        return (self.with_streams[most] - self.with_streams[fewest]) / (most - fewest)


def measure_memory(bench: Bench, seconds: float) -> Memory:
    """Of a fresh router, with ever more streams."""
    with Router(bench) as router:
        router.await_start()
        load = paced(1, 1, seconds, STEPS_PER_SECOND)
        with start_worker(router, load, bench.scratch / "idle.log"):
            router.await_worker()
            time.sleep(SETTLE_SECONDS)
            idle = resident_bytes(router.pid)
        loads = {n: paced(n, 1, seconds, STEPS_PER_SECOND) for n in STREAMS}
        return Memory(idle, {n: resident_under(router, load) for n, load in loads.items()})


def resident_under(router: Router, load: Load) -> int:
    """The highest sample while the load runs."""
    log = router.bench.scratch / "memory.log"
    most = 0
    with start_worker(router, load, log) as worker:
        router.await_worker()
        with start_client(router, load, log.with_name("memory-client.log")) as client:
            while client.running:
                most = max(most, resident_bytes(router.pid))
                time.sleep(SAMPLE_SECONDS)
            client.wait(1)
            worker.wait(10)
    return most


@dataclass(frozen=True)
class Start:
    """Milliseconds from the start of the process."""

    listening: float  # the first 200 for /healthz
    ready: float  # the first 200 for /readyz, with a worker that dials every millisecond


def measure_start(bench: Bench, times: int) -> Start:
    starts = [start_once(bench) for _ in range(times)]
    return Start(
        listening=statistics.median(start.listening for start in starts),
        ready=statistics.median(start.ready for start in starts),
    )


def start_once(bench: Bench) -> Start:
    worker = [str(bench.programs / "load-worker"), "--socket", str(bench.router_socket)]
    with Process(worker, bench.scratch / "dialling.log"):
        began = time.monotonic()
        with Router(bench) as router:
            listening = router.await_start() - began
            ready = router.await_worker() - began
    return Start(listening * 1e3, ready * 1e3)
