"""Where the router spends its time: perf samples during a paced and a flat-out load."""

import shutil
import subprocess
import sys
from pathlib import Path

from .loads import Load, flat_out, paced
from .processes import BenchmarkFailure, Process
from .rounds import run_round
from .servers import Bench, Router

FREQUENCY_HZ = 1999
TOP = 10
IN_KERNEL = "[k]"
LINE_WIDTH = 160


def profile(bench: Bench, seconds: float) -> None:
    """Prints the costliest symbols of both loads."""
    if shutil.which("perf") is None:
        raise BenchmarkFailure("perf is not installed (Debian: linux-perf)")
    with Router(bench) as router:
        router.await_start()
        profile_load(router, paced(256, 1, seconds), rounds=1)
        profile_load(router, flat_out(64, 1), rounds=max(1, round(seconds)))


def profile_load(router: Router, load: Load, rounds: int) -> None:
    samples = router.bench.scratch / "perf.data"
    with record(router, samples) as perf:
        results = [run_round(router, load) for _ in range(rounds)]
        perf.interrupt()
    cpu = sum(result.cpu_us_per_token for result in results) / rounds
    symbols = report(samples, "symbol")
    outside = [line for line in symbols if IN_KERNEL not in line]
    print(f"\n{load.name}: {cpu:.2f} us of CPU a token")
    print_top("time by object", report(samples, "dso"))
    print_top("symbols", symbols)
    print_top("symbols outside the kernel", outside)


def record(router: Router, samples: Path) -> Process:
    """perf, attached to the router. The clock event works in virtual machines too."""
    command = ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(FREQUENCY_HZ)]
    command += ["-p", str(router.pid), "-o", str(samples)]
    return Process(command, router.bench.scratch / "perf.log")


def report(samples: Path, key: str) -> list[str]:
    """Lines of share and name, the greatest first, Swift names as written in Swift."""
    command = ["perf", "report", "-i", str(samples), "--stdio", "-q", "-F", f"overhead,{key}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if shutil.which("swift") is not None:
        demangle = ["swift", "demangle", "--simplified"]
        text = subprocess.run(demangle, input=text, capture_output=True, text=True).stdout or text
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def print_top(title: str, lines: list[str]) -> None:
    print(f"  {title}")
    for line in lines[:TOP]:
        print(f"  {line[:LINE_WIDTH]}")
    sys.stdout.flush()
