"""Which worker got which request, as the router's tap tells."""

import json
from dataclasses import dataclass
from pathlib import Path

from .processes import Process, Router


@dataclass(frozen=True)
class Submission:
    worker: str
    # On the monotonic clock.
    time: float


class Tap:
    """`hocket tap` beside a router, from the first request to the last."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self._log = log

    @staticmethod
    async def start(hocket: str, router: Router, folder: Path) -> "Tap":
        log = folder / "tap.log"
        process = await Process.start(
            log, hocket, "tap", "--json", "--type", "SUBMIT",
            "--socket", str(router.inspect_path),
        )  # fmt: skip
        return Tap(process, log)

    async def stop(self) -> dict[str, Submission]:
        """Ends it; the last submission of each request, which may have moved from one worker to
        another."""
        await self._process.kill()
        submissions = {}
        for line in self._log.read_text().splitlines():
            record = json.loads(line) if line.startswith("{") and line.endswith("}") else {}
            if record.get("type") == "SUBMIT":
                submission = Submission(record["worker"], record["mono_us"] / 1e6)
                submissions[record["summary"]["req"]] = submission
        return submissions
