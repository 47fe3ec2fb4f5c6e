"""The workers, and what is done to them."""

import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path

from .processes import Process, Router

# How long a replaced worker may take to finish its streams and end.
DRAIN_SECONDS_MAX = 60.0


@dataclass(frozen=True)
class Kill:
    worker: str
    # On the monotonic clock.
    time: float


class Fleet:
    """A number of named workers, each the newest generation of its name."""

    def __init__(self, hocket: str, router: Router, folder: Path, speed: float) -> None:
        self._hocket = hocket
        self._router = router
        self._folder = folder
        self._speed = speed
        self._workers: dict[str, Process] = {}
        self._generations: dict[str, int] = {}
        self._leaving: list[Process] = []
        # One thing is done to the workers at a time: whoever is being replaced is not killed too,
        # which would look as if it had ended badly by itself.
        self._turn = asyncio.Lock()
        self.kills: list[Kill] = []
        self.replacements = 0

    async def start(self, count: int) -> None:
        for index in range(count):
            await self._start(f"w{index}")

    async def _start(self, name: str) -> None:
        generation = self._generations.get(name, 0) + 1
        self._generations[name] = generation
        self._workers[name] = await Process.start(
            self._folder / f"{name}.log", self._hocket, "worker", "--simulate",
            "--socket", str(self._router.socket_path),
            "--name", name,
            "--generation", str(generation),
            "--tokens-per-second", str(self._speed),
            "--log-level", "error",
        )  # fmt: skip

    async def kill_one(self, chosen: random.Random) -> None:
        """Kills a worker and puts a new one of its name in its place."""
        async with self._turn:
            name = chosen.choice(sorted(self._workers))
            self.kills.append(Kill(name, time.monotonic()))
            await self._workers[name].kill()
            await self._start(name)

    async def replace_one(self, chosen: random.Random) -> None:
        """Starts a worker's successor; the router tells the old one to finish and leave."""
        async with self._turn:
            name = chosen.choice(sorted(self._workers))
            self._leaving.append(self._workers[name])
            await self._start(name)
            self.replacements += 1

    async def workers_left(self) -> list[int]:
        """Waits for the replaced workers to end; their exit statuses."""
        statuses = []
        for worker in self._leaving:
            statuses.append(await asyncio.wait_for(worker.ended(), DRAIN_SECONDS_MAX))
        return statuses

    async def stop(self) -> None:
        for worker in [*self._workers.values(), *self._leaving]:
            if worker.is_running:
                await worker.stop()
