"""The loads that are measured: how many streams, how many tokens, how fast."""

from dataclasses import dataclass

STREAMS_TOKENS_FLAT = {1: 20_000, 64: 8_000, 256: 4_000}
STREAMS_PACED = (1, 32, 64, 256)
TOKENS_PER_STEP = (1, 8)
STEPS_PER_SECOND = 50


@dataclass(frozen=True)
class Load:
    """One row of the table. All streams get the tokens of a step at the same instant."""

    streams: int
    tokens: int  # visible ones, of each stream
    per_step: int
    steps_per_second: int  # 0: flat out

    @property
    def name(self) -> str:
        pace = f"{self.steps_per_second}/s" if self.paced else "flat out"
        burst = f" x {self.per_step}" if self.per_step > 1 else ""
        return f"{self.streams} x {pace}{burst}"

    @property
    def paced(self) -> bool:
        return self.steps_per_second > 0

    @property
    def analysis(self) -> int:
        """A tenth of the answer is thought aloud first."""
        return self.tokens // 10

    @property
    def seconds(self) -> float:
        """How long the load takes at least."""
        return self.tokens / self.per_step / self.steps_per_second if self.paced else 0


def flat_out(streams: int, per_step: int) -> Load:
    """As fast as credit and sockets allow."""
    return Load(streams, STREAMS_TOKENS_FLAT[streams], per_step, steps_per_second=0)


def paced(streams: int, per_step: int, seconds: float, rate: int = STEPS_PER_SECOND) -> Load:
    """As an engine does: a step of all streams, `rate` times a second."""
    return Load(streams, int(seconds * rate) * per_step, per_step, rate)


def table(seconds: float) -> list[Load]:
    """Every row, with paced ones of that length."""
    rows = [flat_out(s, b) for b in TOKENS_PER_STEP for s in STREAMS_TOKENS_FLAT]
    rows += [paced(s, b, seconds) for b in TOKENS_PER_STEP for s in STREAMS_PACED]
    return rows
