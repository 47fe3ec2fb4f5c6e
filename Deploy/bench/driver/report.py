"""The figures as a table for people and as JSON for programs."""

import os
import platform
from dataclasses import asdict
from pathlib import Path

from .budgets import Budget
from .footprint import Memory, Start
from .rounds import PERCENTILES, Round
from .rows import Row

LOAD, NUMBER = 18, 9  # widths of columns
HEAD = (
    f"{'':<{LOAD}}{'tokens/s':>12}{'CPU us a token':>{3 * NUMBER}}"
    f"{'latency ms, router':>{3 * NUMBER}}{'latency ms, limit':>{3 * NUMBER}}\n"
    f"{'load':<{LOAD}}{'router':>12}"
    + "".join(f"{name:>{NUMBER}}" for name in ("router", "limit", "ratio"))
    + "".join(f"{name:>{NUMBER}}" for name in PERCENTILES) * 2
)


def machine() -> str:
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{cpu_model()}, {os.cpu_count()} CPUs, Linux {platform.release()}, load {load}"


def cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def row_line(row: Row) -> str:
    cpu = (row.router.cpu_us_per_token, row.limit.cpu_us_per_token, row.ratio)
    return (
        f"{row.load.name:<{LOAD}}{row.router.tokens_per_second:>12,.0f}"
        + "".join(f"{value:{NUMBER}.2f}" for value in cpu)
        + latency_cells(row.router)
        + latency_cells(row.limit)
    )


def latency_cells(measured: Round) -> str:
    values = measured.latency_ms
    cells = (f"{values[name]:.3f}" if values else "-" for name in PERCENTILES)
    return "".join(f"{cell:>{NUMBER}}" for cell in cells)


def footprint_lines(memory: Memory, start: Start) -> str:
    streams = ", ".join(f"{n}: {size / 1e6:.1f} MB" for n, size in memory.with_streams.items())
    return (
        f"resident memory  idle {memory.idle / 1e6:.1f} MB; with open streams {streams}; "
        f"{memory.per_stream / 1e3:.1f} KB a further stream\n"
        f"start            listening after {start.listening:.1f} ms, "
        f"ready with a worker after {start.ready:.1f} ms"
    )


def budget_line(budget: Budget) -> str:
    verdict = "met   " if budget.met else "MISSED"
    floor = "" if budget.floor is None else f" (the limit server: {budget.floor:.3g})"
    measured = f"{budget.measured:.3g} {budget.unit}, at most {budget.limit}"
    return f"{verdict}  {budget.name}: {measured}{floor}"


def as_json(rows: list[Row], memory: Memory, start: Start, budgets: list[Budget]) -> dict:
    return {
        "machine": machine(),
        "rows": [asdict(row) | {"name": row.load.name, "ratio": row.ratio} for row in rows],
        "memory": asdict(memory) | {"per_stream": memory.per_stream},
        "start_ms": asdict(start),
        "budgets": [asdict(budget) | {"met": budget.met} for budget in budgets],
    }
