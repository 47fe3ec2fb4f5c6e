"""What the router may ask a worker: QUERY and REPLY, in JSON text."""

import json
from collections.abc import Mapping

from .engine import Model
from .errors import Code
from .hello import Identity
from .v1.administration_pb2 import Query, Reply
from .v1.status_pb2 import Status


def answer(
    query: Query, model: Model, identity: Identity, state: Mapping[str, object], bytes_max: int
) -> Reply:
    """`describe` tells what a person wants to know; no other method is known."""
    if query.method != "describe":
        message = f"there is no method {query.method[:100]!r} (there is: 'describe')"
        return Reply(status=Status(code=Code.CODE_UNIMPLEMENTED, message=message))
    described = {
        **model.details,
        "name": identity.name,
        "generation": identity.generation,
        "engine": model.engine,
        "models": [{"id": model.name, "context_tokens_max": model.context_tokens_max}],
        "streams_max": model.streams_max,
        **state,
    }
    result = json.dumps(described).encode()
    if len(result) > bytes_max:
        message = f"the answer has {len(result)} bytes (max: {bytes_max})"
        return Reply(status=Status(code=Code.CODE_RESOURCE_EXHAUSTED, message=message))
    return Reply(result=result)
