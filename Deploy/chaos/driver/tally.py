"""Counts of what became of the requests."""

import bisect
from collections import Counter
from typing import Optional

from .client import Answer

# A failure so long after the last kill has another cause.
KILL_SECONDS_MAX = 5.0


class Tally:
    def __init__(self) -> None:
        self.outcomes: Counter = Counter()
        self.failures: Counter = Counter()
        # Lost or doubled tokens: texts that are not what the model said.
        self.wrong: list[str] = []
        self.broken: list[str] = []
        self._failed_at: list[float] = []

    def add(self, number: int, answer: Answer, fault: Optional[str]) -> None:
        self.outcomes[answer.outcome] += 1
        self.broken += [f"request {number}: {what}" for what in answer.faults]
        if fault is not None and not answer.faults:
            self.wrong.append(f"request {number}: {fault}")
        if answer.outcome == "failed":
            self.failures[answer.terminal["response"]["error"]["message"]] += 1
            self._failed_at.append(answer.ended_at)
        elif answer.outcome == "refused":
            self.failures[f"HTTP {answer.status}, Retry-After {answer.retry_after}"] += 1

    @property
    def hung(self) -> int:
        return sum("hung" in what for what in self.broken)

    def milliseconds_to_terminal_event(self, kills: list[float]) -> list[float]:
        """For each failed response, the time since the last kill before its terminal event."""
        times = []
        for moment in self._failed_at:
            index = bisect.bisect_right(kills, moment)
            if index and moment - kills[index - 1] <= KILL_SECONDS_MAX:
                times.append((moment - kills[index - 1]) * 1000)
        return sorted(times)


def quantile(sorted_values: list[float], share: float) -> Optional[float]:
    if not sorted_values:
        return None
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]
