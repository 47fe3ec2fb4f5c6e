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
from .tap import Submission, Tap

# How long the clients of a killed worker may wait for their terminal event.
TERMINAL_SECONDS_MAX = 1.0


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
        tap = await Tap.start(options.hocket, router, options.folder)
        await asyncio.sleep(1)
        descriptors, started = router.open_descriptors(), time.monotonic()
        chosen = random.Random(options.seed)
        chaos = [
            asyncio.create_task(every(options.kill_every, fleet.kill_one, chosen)),
            asyncio.create_task(every(options.replace_every, fleet.replace_one, chosen)),
        ]
        tally = await send_all(options, router.port, expectation)
        for task in chaos:
            task.cancel()
        for end in await asyncio.gather(*chaos, return_exceptions=True):
            if not isinstance(end, asyncio.CancelledError) and end is not None:
                raise end
        seconds = time.monotonic() - started
        statuses = await fleet.workers_left()
        submissions = await tap.stop()
        await asyncio.sleep(1)
        figures = report(options, tally, fleet, submissions, statuses) | {
            "seconds": round(seconds, 1),
            "retried": router.metric("hocket_samplings_moved_total"),
            "descriptors_before": descriptors,
            "descriptors_after": router.open_descriptors(),
            "router_megabytes": round(router.resident_bytes() / 1e6, 1),
        }
        return figures | {"problems": problems(options, figures)}
    finally:
        await fleet.stop()
        await router.process.stop()


def report(
    options,
    tally: Tally,
    fleet: Fleet,
    submissions: dict[str, Submission],
    statuses: list[int],
) -> dict:
    times, unexplained = tally.seconds_since_kill(submissions, fleet.kills)
    p50, p99 = quantile(times, 0.5), quantile(times, 0.99)
    return {
        "requests": options.requests,
        "killed": len(fleet.kills),
        "replaced": fleet.replacements,
        "completed": tally.outcomes["completed"],
        "failed_with_terminal_event": tally.outcomes["failed"],
        "refused": tally.outcomes["refused"],
        "hung": tally.hung,
        "broken": tally.broken,
        "lost_or_doubled_tokens": tally.wrong,
        "failed_without_a_kill": unexplained,
        "kill_to_terminal_event_ms_p50": None if p50 is None else p50 * 1000,
        "kill_to_terminal_event_ms_p99": None if p99 is None else p99 * 1000,
        "exit_statuses_of_replaced": sorted(set(statuses)),
        "failures": dict(tally.failures.most_common(10)),
    }


def problems(options, figures: dict) -> list[str]:
    """What must not be, whatever the luck of the run."""
    found = [
        name
        for name in ("broken", "lost_or_doubled_tokens", "failed_without_a_kill")
        if figures[name]
    ]
    p99 = figures["kill_to_terminal_event_ms_p99"]
    if p99 is not None and p99 > TERMINAL_SECONDS_MAX * 1000:
        found.append("kill_to_terminal_event_ms_p99")
    if any(figures["exit_statuses_of_replaced"]):
        found.append("exit_statuses_of_replaced")
    if options.kill_every == 0 and figures["completed"] != options.requests:
        found.append("completed")
    return found


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
    return 1 if figures["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
