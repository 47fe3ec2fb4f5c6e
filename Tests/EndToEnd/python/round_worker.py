"""A worker on the Python kit that plays a script: the n-th request is answered with its n-th line.

python round_worker.py SOCKET MODEL SCRIPT [N GATE]

The script is JSON: a list of lists of token ids. After the last line it is played from the start.
The N-th line, counted from 0, is not begun before the file GATE is there.
"""

import json
import sys
import time
from pathlib import Path

from hocket_worker import Identity, Model, Request, Worker

TOKENS_PER_STEP = 5


class RoundEngine:
    def __init__(self, name: str, rounds: list[list[int]], gate: tuple[int, Path] | None) -> None:
        self.model = Model(name=name, context_tokens_max=100_000, engine="rounds")
        self._rounds = rounds
        self._gate = gate
        self._count = 0
        self._left: dict[int, list[int]] = {}

    def start(self, request: Request) -> None:
        print(f"asked with {len(request.prompt)} tokens", flush=True)
        print(f"within {request.traceparent} {request.tracestate}", flush=True)
        if self._gate and self._gate[0] == self._count:
            while not self._gate[1].exists():
                time.sleep(0.01)
        self._left[request.id] = list(self._rounds[self._count % len(self._rounds)])
        self._count += 1

    def step(self) -> dict[int, list[int]]:
        batch = {id: left[:TOKENS_PER_STEP] for id, left in self._left.items() if left}
        for id in batch:
            del self._left[id][:TOKENS_PER_STEP]
        return batch

    def cancel(self, request_id: int) -> None:
        self._left.pop(request_id, None)


if __name__ == "__main__":
    script = json.loads(Path(sys.argv[3]).read_text())
    gate = (int(sys.argv[4]), Path(sys.argv[5])) if len(sys.argv) > 4 else None
    engine = RoundEngine(sys.argv[2], script, gate)
    sys.exit(Worker(engine, sys.argv[1], Identity(sys.argv[2])).run())
