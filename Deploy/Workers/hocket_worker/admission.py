"""Whether a SUBMIT can be served: the checks between the frame and the engine."""

import sys
from array import array
from collections.abc import Sequence
from itertools import count

from .engine import STOP_TOKENS, Model, Request
from .errors import Code, WorkerError
from .hello import VOCABULARY
from .v1.connection_pb2 import Capability
from .v1.generation_pb2 import Submit

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


def admit(model: Model, submit: Submit, tail: bytes) -> Request:
    """Makes the request that the engine gets, or raises the `WorkerError` that refuses it."""
    if submit.model not in ("", model.name):
        raise WorkerError(Code.CODE_NOT_FOUND, f"{submit.model} is not served here", param="model")
    refuse_unsupported(model, submit)
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
    )


def prompt_tokens(tail: bytes) -> Sequence[int]:
    if not tail or len(tail) % 4:
        raise invalid(f"a prompt of {len(tail)} bytes is not a number of token ids")
    tokens = array("I", tail)
    if sys.byteorder == "big":
        tokens.byteswap()
    if max(tokens) >= VOCABULARY.size:
        raise invalid(f"token id {max(tokens)} is outside the vocabulary of {VOCABULARY.size}")
    return tokens


def refuse_unsupported(model: Model, submit: Submit) -> None:
    """Refuses rather than ignores what the engine did not promise in HELLO."""
    sampling = submit.sampling
    needs = {
        "top_logprobs": (sampling.logprobs, Capability.CAPABILITY_LOGPROBS),
        "seed": (sampling.HasField("seed"), Capability.CAPABILITY_SEED),
        "frequency_penalty": (sampling.frequency_penalty, Capability.CAPABILITY_PENALTIES),
        "presence_penalty": (sampling.presence_penalty, Capability.CAPABILITY_PENALTIES),
        "repetition_penalty": (
            sampling.repetition_penalty not in (0, 1),
            Capability.CAPABILITY_PENALTIES,
        ),
        "logit_bias": (sampling.logit_bias_ids, Capability.CAPABILITY_LOGIT_BIAS),
        "service_tier": (submit.priority, Capability.CAPABILITY_PRIORITY),
        "prompt_cache_key": (submit.cache_salt, Capability.CAPABILITY_CACHE_SALT),
    }
    if kind := submit.constraint.WhichOneof("kind"):
        needs["text.format"] = (True, CONSTRAINTS[kind])
    for param, (asked, capability) in needs.items():
        if asked and capability not in model.capabilities:
            message = f"the engine {model.engine} cannot serve {param}"
            raise WorkerError(Code.CODE_UNIMPLEMENTED, message, param=param)


def invalid(message: str) -> WorkerError:
    return WorkerError(Code.CODE_INVALID_ARGUMENT, message, param="input")
