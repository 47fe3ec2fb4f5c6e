"""What an adapter implements. Everything else about being a worker is done by the kit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .errors import WorkerError
from .logprobs import Scored
from .v1.connection_pb2 import Capability
from .v1.generation_pb2 import Constraint, Sampling

# <|return|> and <|call|>. They are sent like any token: the router must tell one from the other.
STOP_TOKENS = (200_002, 200_012)


@dataclass(frozen=True)
class Model:
    """What an engine serves. A prompt and its answer together fit `context_tokens_max`.

    `details` is what it adds, as JSON, when an operator asks the worker to describe itself.
    """

    name: str
    context_tokens_max: int
    engine: str
    streams_max: int = 64
    capabilities: frozenset[int] = frozenset({Capability.CAPABILITY_SEED})
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Load:
    """How busy an engine is, as far as only the engine knows: a part of what STATUS reports."""

    serving: bool = True
    waiting_streams: int = 0
    waiting_tokens: int = 0
    cache_used: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class Request:
    """One generation. `id` is unique within the process, across connections.

    The kit ends it after `output_tokens_max` tokens or the first of `stop_tokens`; `sampling` and
    `constraint` are messages of Protos/hocket/v1/generation.proto, whose comments say what absence
    means. A constraint comes only to an engine that offers its kind, and so it is with `priority`
    and `cache_salt`. `request_id` is the sixteen bytes that name the request in every log and
    trace, `traceparent` and `tracestate` those of W3C Trace Context, empty for none.
    """

    id: int
    prompt: Sequence[int]
    output_tokens_max: int
    stop_tokens: frozenset[int]
    sampling: Sampling
    constraint: Constraint | None = None
    request_id: bytes = bytes(16)
    priority: int = 0
    cache_salt: bytes = b""
    traceparent: str = ""
    tracestate: str = ""

    @property
    def top_logprobs(self) -> int | None:
        """How many likely tokens are wanted beside each token; None for no log probabilities."""
        return self.sampling.top_logprobs if self.sampling.logprobs else None


class Engine(Protocol):
    """An inference engine. The kit calls all methods on one thread, one at a time.

    It may have one more, `load() -> Load`, asked after each step for what STATUS reports, and ten
    times a second while no generation runs and the last answer was that the engine is not serving.
    """

    model: Model

    def start(self, request: Request) -> None:
        """Takes a generation on, or raises `WorkerError` to refuse it."""

    def step(self) -> Mapping[int, Sequence[int] | Scored | WorkerError]:
        """Advances the generations; called again and again while there is one.

        Returns the new token ids by request id, or why that one request cannot go on; `Scored` for
        one whose `top_logprobs` is a number, which only comes to an engine that offers that. A
        request with nothing new may be absent. Any exception means a broken engine and ends the process.
        """

    def cancel(self, request_id: int) -> None:
        """Forgets a generation: cancelled, expired or complete. More tokens would be dropped."""
