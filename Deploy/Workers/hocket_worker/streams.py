"""The open streams of a connection: what is parked, what may be sent, how each one ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .engine import Request
from .logprobs import TokenLogprob
from .v1.generation_pb2 import Finish, FinishReason, Step, Usage

# One row of a STEP, so that the release of parked tokens makes no frame too long.
ROW_TOKENS_MAX = 4096
# At most, in the columns of a STEP: of a row without tokens, of a token, of a logarithm.
ROW_BYTES, TOKEN_BYTES, LOGPROB_BYTES = 10, 3, 4


@dataclass(frozen=True)
class Row:
    """A stream's id and its new tokens, with one entry for each if it asked for these."""

    stream: int
    tokens: list[int]
    logprobs: list[TokenLogprob] | None = None

    @property
    def top_count(self) -> int | None:
        """What the rows of one table have in common."""
        return None if self.logprobs is None else len(self.logprobs[0].top)

    @property
    def size(self) -> int:
        return ROW_BYTES + len(self.tokens) * token_bytes(self.top_count)


def token_bytes(top_count: int | None) -> int:
    if top_count is None:
        return TOKEN_BYTES
    return (1 + top_count) * (TOKEN_BYTES + LOGPROB_BYTES)


@dataclass
class Stream:
    """Tokens an engine made in advance of the credit are parked: an engine cannot be paused."""

    id: int
    request: Request
    credit: int
    deadline_ns: int | None
    parked: list[int] = field(default_factory=list)
    # As many, if they were asked for.
    parked_logprobs: list[TokenLogprob] = field(default_factory=list)
    produced: int = 0
    sent: int = 0
    ending: Finish | None = None

    def take(
        self, tokens: Sequence[int], logprobs: Sequence[TokenLogprob] | None = None
    ) -> None:
        """Parks new tokens up to the one that ends the stream."""
        for index, token in enumerate(tokens):
            self.parked.append(token)
            if logprobs is not None:
                self.parked_logprobs.append(logprobs[index])
            self.produced += 1
            if token in self.request.stop_tokens:
                self.end(FinishReason.FINISH_REASON_STOP)
                self.ending.matched_stop_id = token
            elif self.produced == self.request.output_tokens_max:
                self.end(FinishReason.FINISH_REASON_LENGTH)
            if self.ending:
                return

    def release(self, bytes_max: int) -> Row | None:
        """Takes as many parked tokens as the credit allows and a table has room for."""
        top_count = self.request.top_logprobs
        room = max(1, (bytes_max - ROW_BYTES) // token_bytes(top_count))
        count = min(len(self.parked), self.credit, ROW_TOKENS_MAX, room)
        if count == 0:
            return None
        logprobs = None if top_count is None else self.parked_logprobs[:count]
        row = Row(self.id, self.parked[:count], logprobs)
        del self.parked[:count], self.parked_logprobs[:count]
        self.credit -= count
        self.sent += count
        return row

    def end(self, reason: int) -> None:
        self.ending = Finish(reason=reason)

    def finish(self) -> Finish:
        """The last frame, with the count that the router compares with its own."""
        self.ending.emitted_tokens = self.sent
        self.ending.usage.CopyFrom(
            Usage(prompt_tokens=len(self.request.prompt), output_tokens=self.produced)
        )
        return self.ending


def split(rows: list[Row], rows_max: int, bytes_max: int) -> Iterator[list[Row]]:
    """The rows in tables that each fit the receiver's limits; usually it is one.

    The columns of log probabilities are there for all rows of a table or for none.
    """
    by_top_count: dict[int | None, list[Row]] = {}
    for row in rows:
        by_top_count.setdefault(row.top_count, []).append(row)
    for alike in by_top_count.values():
        yield from _fitting(alike, rows_max, bytes_max)


def _fitting(rows: list[Row], rows_max: int, bytes_max: int) -> Iterator[list[Row]]:
    table: list[Row] = []
    size = 0
    for row in rows:
        if table and (len(table) == rows_max or size + row.size > bytes_max):
            yield table
            table, size = [], 0
        table.append(row)
        size += row.size
    if table:
        yield table


def columns(step: int, mono_ns: int, rows: list[Row]) -> Step:
    """One engine step as a table by columns; the rows are by ascending stream."""
    streams = [0, *(row.stream for row in rows)]
    counts = [len(row.tokens) for row in rows]
    entries = [entry for row in rows for entry in row.logprobs or ()]
    likely = [candidate for entry in entries for candidate in entry.top]
    return Step(
        step=step,
        mono_ns=mono_ns,
        stream_deltas=[after - before for before, after in pairwise(streams)],
        counts=counts if any(count != 1 for count in counts) else [],
        token_ids=[token for row in rows for token in row.tokens],
        logprobs=[entry.logprob for entry in entries],
        top_k=rows[0].top_count or 0,
        top_ids=[id for id, _ in likely],
        top_logprobs=[logprob for _, logprob in likely],
    )
