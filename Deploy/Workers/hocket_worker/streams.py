"""The open streams of a connection: what is parked, what may be sent, how each one ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .engine import Request
from .v1.generation_pb2 import Finish, FinishReason, Step, Usage

# One row of a STEP, so that the release of parked tokens makes no frame too long.
ROW_TOKENS_MAX = 4096
# At most, in the columns of a STEP: of a row without tokens, of a token.
ROW_BYTES, TOKEN_BYTES = 10, 3

# A stream's id and its new tokens.
Row = tuple[int, list[int]]


@dataclass
class Stream:
    """Tokens an engine made in advance of the credit are parked: an engine cannot be paused."""

    id: int
    request: Request
    credit: int
    deadline_ns: int | None
    parked: list[int] = field(default_factory=list)
    produced: int = 0
    sent: int = 0
    ending: Finish | None = None

    def take(self, tokens: Sequence[int]) -> None:
        """Parks new tokens up to the one that ends the stream."""
        for token in tokens:
            self.parked.append(token)
            self.produced += 1
            if token in self.request.stop_tokens:
                self.end(FinishReason.FINISH_REASON_STOP)
                self.ending.matched_stop_id = token
            elif self.produced == self.request.output_tokens_max:
                self.end(FinishReason.FINISH_REASON_LENGTH)
            if self.ending:
                return

    def release(self) -> list[int]:
        """Takes as many parked tokens as the credit allows."""
        tokens = self.parked[: min(self.credit, ROW_TOKENS_MAX)]
        del self.parked[: len(tokens)]
        self.credit -= len(tokens)
        self.sent += len(tokens)
        return tokens

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
    """The rows in tables that each fit the receiver's limits; usually it is one."""
    table: list[Row] = []
    size = 0
    for row in rows:
        row_size = ROW_BYTES + TOKEN_BYTES * len(row[1])
        if table and (len(table) == rows_max or size + row_size > bytes_max):
            yield table
            table, size = [], 0
        table.append(row)
        size += row_size
    if table:
        yield table


def columns(step: int, mono_ns: int, rows: list[Row]) -> Step:
    """One engine step as a table by columns; the rows are by ascending stream."""
    streams = [0, *(stream for stream, _ in rows)]
    counts = [len(tokens) for _, tokens in rows]
    return Step(
        step=step,
        mono_ns=mono_ns,
        stream_deltas=[after - before for before, after in pairwise(streams)],
        counts=counts if any(count != 1 for count in counts) else [],
        token_ids=[token for _, tokens in rows for token in tokens],
    )
