"""`python3 -m driver HOCKET FOLDER …`: see ../run.sh."""

import argparse
import asyncio
import json
import random
import sys
import time
from pathlib import Path

from .client import ask
from .expectation import Expectation, request
from .fleet import Fleet
from .processes import Router
from .tally import Tally, quantile


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.sh")
    parser.add_argument("hocket")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--speed", type=float, default=150)
    parser.add_argument("--kill-every", type=float, default=1)
    parser.add_argument("--replace-every", type=float, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json")
    return parser.parse_args()


async def every(seconds: float, action, chosen: random.Random) -> None:
    """Does something again and again until it is cancelled; never, with 0 seconds."""
    while seconds > 0:
        await asyncio.sleep(seconds)
        # What was begun is finished: half a replacement would leave a worker nobody ends.
        await asyncio.shield(action(chosen))


async def send_all(options: argparse.Namespace, port: int, expectation: Expectation) -> Tally:
    tally, numbers = Tally(), iter(range(1, options.requests + 1))

    async def send_some() -> None:
        for number in numbers:
            answer = await ask(port, request(number))
            tally.add(number, answer, expectation.fault(number, answer))

    await asyncio.gather(*(send_some() for _ in range(options.concurrency)))
    return tally


async def run(options: argparse.Namespace) -> dict:
    router = await Router.start(options.hocket, options.folder)
    fleet = Fleet(options.hocket, router, options.folder, options.speed)
    try:
        await fleet.start(options.workers)
        await router.wait_until_ready()
        expectation = await Expectation.learn(router.port)
        descriptors, started = router.open_descriptors(), time.monotonic()
        chosen = random.Random(options.seed)
        chaos = [
            asyncio.create_task(every(options.kill_every, fleet.kill_one, chosen)),
            asyncio.create_task(every(options.replace_every, fleet.replace_one, chosen)),
        ]
        tally = await send_all(options, router.port, expectation)
        for task in chaos:
            task.cancel()
        await asyncio.gather(*chaos, return_exceptions=True)
        seconds = time.monotonic() - started
        statuses = await fleet.workers_left()
        await asyncio.sleep(1)
        return report(options, tally, fleet, statuses, seconds) | {
            "descriptors_before": descriptors,
            "descriptors_after": router.open_descriptors(),
            "router_megabytes": round(router.resident_bytes() / 1e6, 1),
        }
    finally:
        await fleet.stop()
        await router.process.stop()


def report(options, tally: Tally, fleet: Fleet, statuses: list[int], seconds: float) -> dict:
    times = tally.milliseconds_to_terminal_event(fleet.kills)
    return {
        "requests": options.requests,
        "seconds": round(seconds, 1),
        "killed": len(fleet.kills),
        "replaced": fleet.replacements,
        "completed": tally.outcomes["completed"],
        "failed_with_terminal_event": tally.outcomes["failed"],
        "refused": tally.outcomes["refused"],
        "hung": tally.hung,
        "broken": tally.broken,
        "lost_or_doubled_tokens": tally.wrong,
        "kill_to_terminal_event_ms_p50": quantile(times, 0.5),
        "kill_to_terminal_event_ms_p99": quantile(times, 0.99),
        "exit_statuses_of_replaced": sorted(set(statuses)),
        "failures": dict(tally.failures.most_common(10)),
    }


def show(figures: dict) -> None:
    for name, value in figures.items():
        if isinstance(value, list) and len(value) > 5:
            value = f"{len(value)}: {value[:5]} …"
        elif isinstance(value, float):
            value = round(value, 1)
        print(f"{name.replace('_', ' '):32} {value}")


def main() -> int:
    options = arguments()
    figures = asyncio.run(run(options))
    show(figures)
    if options.json:
        text = json.dumps(figures, indent=2) + "\n"
        sys.stdout.write(text) if options.json == "-" else Path(options.json).write_text(text)
    return 1 if figures["broken"] or figures["lost_or_doubled_tokens"] else 0


if __name__ == "__main__":
    sys.exit(main())
