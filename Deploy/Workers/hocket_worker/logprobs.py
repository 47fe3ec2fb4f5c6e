"""How likely tokens were, as an engine says and as a row of a STEP has it."""

from collections.abc import Sequence
from dataclasses import dataclass

from .errors import Code, WorkerError


@dataclass(frozen=True)
class TokenLogprob:
    """The natural logarithm of a token's probability, and the likeliest tokens at its place.

    `top` has pairs of id and logarithm, best first, at least as many as the request asked for.
    """

    logprob: float
    top: Sequence[tuple[int, float]] = ()


@dataclass(frozen=True)
class Scored:
    """New tokens with one entry for each: what `Engine.step` returns for who asked for these."""

    tokens: Sequence[int]
    logprobs: Sequence[TokenLogprob]


def scores(result: Sequence[int] | Scored, top_count: int | None) -> list[TokenLogprob] | None:
    """What goes out beside a request's new tokens; None where nothing was asked for.

    Raises the `WorkerError` that ends a stream whose engine leaves out what it offered: that is
    never done in silence.
    """
    if top_count is None:
        return None
    given = result.logprobs if isinstance(result, Scored) else []
    count = len(tokens(result))
    if len(given) != count or any(len(each.top) < top_count for each in given):
        fewest = min((len(each.top) for each in given), default=0)
        raise WorkerError(
            Code.CODE_FAILED_PRECONDITION,
            f"the engine gave {len(given)} log probabilities for {count} tokens, each with "
            f"{fewest} likely tokens or more; {top_count} were asked for",
        )
    return [TokenLogprob(each.logprob, each.top[:top_count]) for each in given]


def tokens(result: Sequence[int] | Scored) -> Sequence[int]:
    return result.tokens if isinstance(result, Scored) else result
