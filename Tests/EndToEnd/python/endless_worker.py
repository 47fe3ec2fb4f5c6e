"""A worker on the Python kit whose answers never end, and which says when one is cancelled.

python endless_worker.py SOCKET MODEL [TOKENS_PER_STEP [STREAMS_MAX]]
"""

import sys
import time

from hocket_worker import Identity, Model, Request, Scored, TokenLogprob, Worker
from hocket_worker.v1.connection_pb2 import Capability

# <|channel|>final<|message|>, then " la" for ever.
HEADER = [200_005, 17_196, 200_008]
LA = 557
SECONDS_PER_STEP = 0.005


class EndlessEngine:
    def __init__(self, name: str, tokens_per_step: int = 1, streams_max: int = 64) -> None:
        self.model = Model(
            name=name,
            context_tokens_max=1_000_000,
            streams_max=streams_max,
            engine="endless",
            capabilities=frozenset(
                {Capability.CAPABILITY_LOGPROBS, Capability.CAPABILITY_TOP_LOGPROBS}
            ),
        )
        self._song = [LA] * tokens_per_step
        self._sent: dict[int, int] = {}
        self._top_counts: dict[int, int | None] = {}

    def start(self, request: Request) -> None:
        print("started", flush=True)
        self._sent[request.id] = 0
        self._top_counts[request.id] = request.top_logprobs

    def step(self) -> dict[int, list[int] | Scored]:
        time.sleep(SECONDS_PER_STEP)
        return {id: self._scored(self._next(id), self._top_counts[id]) for id in self._sent}

    def cancel(self, request_id: int) -> None:
        print(f"cancelled after {self._sent.pop(request_id)} tokens", flush=True)
        del self._top_counts[request_id]

    @staticmethod
    def _scored(tokens: list[int], top_count: int | None) -> list[int] | Scored:
        """The token itself is the likeliest, and those behind it are the next."""
        if top_count is None:
            return tokens
        return Scored(
            tokens,
            [TokenLogprob(-0.5, [(id + i, -0.5 - i) for i in range(top_count)]) for id in tokens],
        )

    def _next(self, id: int) -> list[int]:
        tokens = self._song if self._sent[id] else [*HEADER, *self._song]
        self._sent[id] += len(tokens)
        return tokens


if __name__ == "__main__":
    socket, model, *sizes = sys.argv[1:]
    engine = EndlessEngine(model, *map(int, sizes))
    sys.exit(Worker(engine, socket, Identity(model)).run())
