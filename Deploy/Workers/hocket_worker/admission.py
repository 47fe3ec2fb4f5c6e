"""Whether a SUBMIT can be served: the checks between the frame and the engine."""

import sys
from array import array
from collections.abc import Iterator, Sequence
from itertools import count

from .engine import STOP_TOKENS, Model, Request
from .errors import Code, ProtocolViolation, WorkerError
from .frames import PROMPT_TOKENS_MAX, Frame
from .hello import VOCABULARY
from .v1.connection_pb2 import Capability
from .v1.generation_pb2 import ConstraintStart, Submit

# Never reused, so that what an engine still says about a lost connection's requests falls away.
_request_ids = count(1)

CONSTRAINTS = {
    "json_schema": Capability.CAPABILITY_CONSTRAINT_JSON_SCHEMA,
    "json_object": Capability.CAPABILITY_CONSTRAINT_JSON_OBJECT,
    "regex": Capability.CAPABILITY_CONSTRAINT_REGEX,
    "grammar": Capability.CAPABILITY_CONSTRAINT_GRAMMAR,
    "structural_tag": Capability.CAPABILITY_CONSTRAINT_STRUCTURAL_TAG,
    "choice": Capability.CAPABILITY_CONSTRAINT_CHOICE,
}


def check(frame: Frame) -> None:
    """Raises `ProtocolViolation` for a SUBMIT that no router may send."""
    size, tail = len(frame.message.request_id), len(frame.tail)
    if size != 16:
        raise ProtocolViolation(f"request_id has {size} bytes instead of 16")
    if tail % 4:
        raise ProtocolViolation(f"a prompt of {tail} bytes is not a number of token ids")
    if tail // 4 > PROMPT_TOKENS_MAX:
        raise ProtocolViolation(
            f"a prompt of {tail // 4} tokens is over {PROMPT_TOKENS_MAX}",
            Code.CODE_RESOURCE_EXHAUSTED,
        )


def admit(model: Model, agreed: frozenset[int], submit: Submit, tail: bytes) -> Request:
    """Makes the request that the engine gets, or raises the `WorkerError` that refuses it."""
    if submit.model not in ("", model.name):
        raise WorkerError(Code.CODE_NOT_FOUND, f"{submit.model} is not served here", param="model")
    refuse_unsupported(model, agreed, submit)
    prompt = prompt_tokens(tail)
    room = model.context_tokens_max - len(prompt)
    if room < 1:
        raise invalid(f"{len(prompt)} tokens fill the context of {model.context_tokens_max}")
    return Request(
        id=next(_request_ids),
        prompt=prompt,
        output_tokens_max=min(submit.sampling.output_tokens_max or room, room),
        stop_tokens=frozenset(submit.sampling.stop_token_ids or STOP_TOKENS),
        sampling=submit.sampling,
        constraint=submit.constraint if submit.HasField("constraint") else None,
        request_id=submit.request_id,
        priority=submit.priority,
        cache_salt=submit.cache_salt,
        traceparent=submit.traceparent,
        tracestate=submit.tracestate,
    )


def prompt_tokens(tail: bytes) -> Sequence[int]:
    if not tail:
        raise invalid("the prompt is empty")
    tokens = array("I", tail)
    if sys.byteorder == "big":
        tokens.byteswap()
    if max(tokens) >= VOCABULARY.size:
        raise invalid(f"token id {max(tokens)} is outside the vocabulary of {VOCABULARY.size}")
    return tokens


def refuse_unsupported(model: Model, agreed: frozenset[int], submit: Submit) -> None:
    """Refuses rather than ignores what the engine did not promise in HELLO."""
    for capability, param in needs(submit):
        if capability not in agreed:
            message = f"the engine {model.engine} cannot serve {param}"
            raise WorkerError(Code.CODE_UNIMPLEMENTED, message, param=param)


def needs(submit: Submit) -> Iterator[tuple[int | None, str]]:
    """The capabilities that a SUBMIT asks for, each with the parameter that does so.

    A kind of constraint of a later version needs one that nobody has.
    """
    sampling, constraint = submit.sampling, submit.constraint
    if sampling.logprobs:
        yield Capability.CAPABILITY_LOGPROBS, "top_logprobs"
    if sampling.top_logprobs:
        yield Capability.CAPABILITY_TOP_LOGPROBS, "top_logprobs"
    if sampling.HasField("seed"):
        yield Capability.CAPABILITY_SEED, "seed"
    for param in ("frequency_penalty", "presence_penalty"):
        if getattr(sampling, param):
            yield Capability.CAPABILITY_PENALTIES, param
    if sampling.repetition_penalty not in (0, 1):
        yield Capability.CAPABILITY_PENALTIES, "repetition_penalty"
    if sampling.logit_bias_ids:
        yield Capability.CAPABILITY_LOGIT_BIAS, "logit_bias"
    if submit.priority:
        yield Capability.CAPABILITY_PRIORITY, "service_tier"
    if submit.cache_salt:
        yield Capability.CAPABILITY_CACHE_SALT, "prompt_cache_key"
    if submit.HasField("constraint"):
        yield CONSTRAINTS.get(constraint.WhichOneof("kind")), "text.format"
        if constraint.start != ConstraintStart.CONSTRAINT_START_FIRST_TOKEN:
            yield Capability.CAPABILITY_CONSTRAINT_FINAL_CHANNEL, "text.format"


def invalid(message: str) -> WorkerError:
    return WorkerError(Code.CODE_INVALID_ARGUMENT, message, param="input")
