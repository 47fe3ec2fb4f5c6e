"""The command line behind run.sh and profile.sh."""

import argparse
import json
import signal
import sys
from pathlib import Path

from . import report
from .budgets import budgets
from .footprint import measure_memory, measure_start
from .loads import Load, flat_out, table
from .processes import BenchmarkFailure
from .profile import profile
from .rounds import run_round
from .rows import Row, measure_row
from .servers import Bench, LimitServer, Router, check_binary

STARTS = 10
MEMORY_SECONDS = 3


def main() -> int:
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    try:
        bench = Bench(check_binary(arguments.hocket), arguments.programs, arguments.scratch)
        if arguments.command == "profile":
            profile(bench, arguments.seconds)
        else:
            measure(bench, arguments)
    except BenchmarkFailure as failure:
        print(f"benchmark failed: {failure}", file=sys.stderr)
        return 1
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="driver")
    parser.add_argument("command", choices=["measure", "profile"])
    parser.add_argument("hocket", type=Path)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--json")
    return parser.parse_args()


def measure(bench: Bench, arguments: argparse.Namespace) -> None:
    print(report.machine(), flush=True)
    start = measure_start(bench, STARTS)
    memory = measure_memory(bench, MEMORY_SECONDS)
    print(report.footprint_lines(memory, start), end="\n\n", flush=True)
    loads = [load for load in table(arguments.seconds) if arguments.only in load.name]
    rows = measure_table(bench, loads, arguments.repeats)
    promised = budgets(rows, memory, start)
    print("\nBudgets")
    print("\n".join(report.budget_line(budget) for budget in promised))
    if arguments.json is not None:
        write_json(arguments.json, report.as_json(rows, memory, start, promised))


def write_json(path: str, figures: dict) -> None:
    text = json.dumps(figures, indent=2)
    if path == "-":
        print(text)
    else:
        Path(path).write_text(text + "\n")


def measure_table(bench: Bench, loads: list[Load], repeats: int) -> list[Row]:
    rows = []
    with Router(bench) as router:
        router.await_start()
        event_bytes = round(run_round(router, flat_out(64, 1)).event_bytes)
        with LimitServer(bench, event_bytes) as limit:
            print(f"one token: an event of {event_bytes} bytes\n{report.HEAD}", flush=True)
            for load in loads:
                rows.append(measure_row(load, router, limit, repeats))
                print(report.row_line(rows[-1]), flush=True)
    return rows


sys.exit(main())
