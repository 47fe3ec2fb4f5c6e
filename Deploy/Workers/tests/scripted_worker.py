"""A worker process whose engine counts: the answer to the prompt [n] is 1, 2, … n, <|return|>.

    python scripted_worker.py SOCKET SECONDS_PER_STEP [STALL_SECONDS [DRAIN_SECONDS]]

The prompt [0] breaks the engine, [7, 7] is refused, and with [9, 9] the engine hangs, deaf to
signals like a thread that waits for its device. After [8, 8] it serves nothing for half a second.
"""

import logging
import signal
import sys
import time

from hocket_worker import Code, Identity, Load, Model, Request, Worker, WorkerError

RETURN = 200_002


class CountingEngine:
    model = Model(name="counting", context_tokens_max=1_000_000, engine="counting", streams_max=64)

    def __init__(self, seconds_per_step: float) -> None:
        self._seconds_per_step = seconds_per_step
        self._counts: dict[int, list[int]] = {}
        self._rests_until = 0.0

    def start(self, request: Request) -> None:
        if list(request.prompt) == [7, 7]:
            raise WorkerError(Code.CODE_RESOURCE_EXHAUSTED, "no sevens", retryable=True)
        if list(request.prompt) == [9, 9]:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
            time.sleep(600)
        if list(request.prompt) == [8, 8]:
            self._rests_until = time.monotonic() + 0.5
        self._counts[request.id] = [0, request.prompt[0]]

    def step(self) -> dict[int, list[int]]:
        time.sleep(self._seconds_per_step)
        return {id: [self._next(count)] for id, count in self._counts.items()}

    def cancel(self, request_id: int) -> None:
        del self._counts[request_id]

    def load(self) -> Load:
        return Load(serving=time.monotonic() >= self._rests_until)

    @staticmethod
    def _next(count: list[int]) -> int:
        if count[1] == 0:
            raise RuntimeError("the engine is on fire")
        count[0] += 1
        return count[0] if count[0] <= count[1] else RETURN


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    path, per_step, *seconds = sys.argv[1:]
    patience = dict(zip(("stall_seconds", "drain_seconds"), map(float, seconds), strict=False))
    worker = Worker(CountingEngine(float(per_step)), path, Identity("counting"), **patience)
    sys.exit(worker.run())
