"""Rows of the table: a load on the router and on the limit server, in turns, medians of both."""

import statistics
from dataclasses import dataclass, fields
from typing import Callable

from .loads import Load
from .rounds import Round, run_round
from .servers import LimitServer, Router


@dataclass(frozen=True)
class Row:
    """Medians of all repeats."""

    load: Load
    router: Round
    limit: Round

    @property
    def ratio(self) -> float:
        """CPU of the router a token, in CPU of the limit server."""
        return self.router.cpu_us_per_token / self.limit.cpu_us_per_token


def measure_row(load: Load, router: Router, limit: LimitServer, repeats: int) -> Row:
    """Turn by turn, so that what disturbs the machine disturbs both."""
    turns = [(run_round(router, load), run_round(limit, load)) for _ in range(repeats)]
    return Row(load, median([turn[0] for turn in turns]), median([turn[1] for turn in turns]))


def median(rounds: list[Round]) -> Round:
    """Field by field."""
    values = {
        field.name: median_of(rounds, lambda one, name=field.name: getattr(one, name))
        for field in fields(Round)
        if field.name != "latency_ms"
    }
    latency = {
        name: median_of(rounds, lambda one, name=name: one.latency_ms[name])
        for name in rounds[0].latency_ms
    }
    return Round(**values, latency_ms=latency)


def median_of(rounds: list[Round], value: Callable[[Round], float]) -> float:
    return statistics.median(value(one) for one in rounds)
