"""Counts of what became of the requests."""

from collections import Counter
from typing import Optional

from .client import Answer
from .fleet import Kill
from .tap import Submission


class Tally:
    def __init__(self) -> None:
        self.outcomes: Counter = Counter()
        self.failures: Counter = Counter()
        # Lost or doubled tokens: texts that are not what the model said.
        self.wrong: list[str] = []
        self.broken: list[str] = []
        # When responses failed, by the ids of their requests.
        self._failed_at: dict[str, float] = {}

    def add(self, number: int, answer: Answer, fault: Optional[str]) -> None:
        self.outcomes[answer.outcome] += 1
        self.broken += [f"request {number}: {what}" for what in answer.faults]
        if fault is not None and not answer.faults:
            self.wrong.append(f"request {number}: {fault}")
        if answer.outcome == "failed":
            self.failures[answer.terminal["response"]["error"]["message"]] += 1
            self._failed_at[answer.request_id] = answer.ended_at
        elif answer.outcome == "refused":
            self.failures[f"HTTP {answer.status}, Retry-After {answer.retry_after}"] += 1

    @property
    def hung(self) -> int:
        return sum("hung" in what for what in self.broken)

    def seconds_since_kill(
        self, submissions: dict[str, Submission], kills: list[Kill]
    ) -> tuple[list[float], list[str]]:
        """For each failed response the time from the death of its own worker to its terminal
        event, sorted; and the requests that failed although no worker of theirs was killed."""
        times, unexplained = [], []
        for request_id, failed_at in self._failed_at.items():
            submission = submissions.get(request_id)
            deaths = [
                kill.time
                for kill in kills
                if submission
                and kill.worker == submission.worker
                and submission.time <= kill.time <= failed_at
            ]
            if deaths:
                times.append(failed_at - deaths[0])
            else:
                unexplained.append(request_id)
        return sorted(times), unexplained


def quantile(sorted_values: list[float], share: float) -> Optional[float]:
    if not sorted_values:
        return None
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]
