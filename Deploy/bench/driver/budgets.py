"""What the design has promised, beside what was measured."""

from dataclasses import dataclass
from typing import Optional

from .footprint import Memory, Start
from .loads import STEPS_PER_SECOND, Load
from .rows import Row

PACED_RATIO_MAX = 2.2
FLAT_US_MAX = 1.2
IDLE_MB_MAX = 40
STREAM_KB_MAX = 60
LATENCY_P50_MS_MAX = 0.15
READY_MS_MAX = 50


@dataclass(frozen=True)
class Budget:
    """One promise: at most `limit`."""

    name: str
    measured: float
    limit: float
    unit: str
    floor: Optional[float] = None  # what the limit server needed

    @property
    def met(self) -> bool:
        return self.measured <= self.limit


def budgets(rows: list[Row], memory: Memory, start: Start) -> list[Budget]:
    """The promises that can be judged by what was measured."""
    found = [budget for row in rows for budget in of_row(row)]
    found.append(Budget("resident memory, idle", memory.idle / 1e6, IDLE_MB_MAX, "MB"))
    found.append(Budget("resident memory a stream", memory.per_stream / 1e3, STREAM_KB_MAX, "KB"))
    found.append(Budget("start to ready", start.ready, READY_MS_MAX, "ms"))
    return found


def of_row(row: Row) -> list[Budget]:
    load, name = row.load, row.load.name
    found = []
    if is_engine_pace(load, streams=(32, 256)):
        found.append(Budget(f"{name}: CPU against the limit", row.ratio, PACED_RATIO_MAX, "x"))
    if is_engine_pace(load, streams=(32,)):
        p50 = row.router.latency_ms["p50"]
        floor = row.limit.latency_ms["p50"]
        found.append(Budget(f"{name}: added latency p50", p50, LATENCY_P50_MS_MAX, "ms", floor))
    if load.streams == 64 and load.per_step == 1 and not load.paced:
        cpu, floor = row.router.cpu_us_per_token, row.limit.cpu_us_per_token
        found.append(Budget(f"{name}: CPU a token", cpu, FLAT_US_MAX, "us", floor))
    return found


def is_engine_pace(load: Load, streams: tuple[int, ...]) -> bool:
    one_token = load.per_step == 1 and load.steps_per_second == STEPS_PER_SECOND
    return one_token and load.streams in streams
