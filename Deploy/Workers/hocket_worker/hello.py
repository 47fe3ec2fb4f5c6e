"""How a worker introduces itself."""

import os
import time
from dataclasses import dataclass, field

from .engine import STOP_TOKENS, Model
from .frames import FRAME_BYTES_MAX, MINOR, PROMPT_TOKENS_MAX, SUBMIT_BYTES_MAX
from .v1 import SCHEMA_FINGERPRINT
from .v1 import connection_pb2 as v1
from .watch import CONTROL_FRAMES_PER_SECOND_MAX

# What the ids mean. Router and worker must agree on every field.
VOCABULARY = v1.Vocabulary(
    name="o200k_harmony",
    size=201_088,
    start_of_text_id=199_998,
    end_of_text_id=199_999,
    return_id=200_002,
    constrain_id=200_003,
    channel_id=200_005,
    start_id=200_006,
    end_id=200_007,
    message_id=200_008,
    call_id=200_012,
)

# What the kit can do whatever the engine is.
KIT_CAPABILITIES = frozenset({v1.CAPABILITY_QUERY})


@dataclass(frozen=True)
class Identity:
    """Two processes of one name are generations of one worker; the higher gets new streams."""

    name: str
    generation: int = 0
    instance: bytes = field(default_factory=lambda: os.urandom(16))


def hello(model: Model, identity: Identity, mono_ns: int) -> v1.Hello:
    return v1.Hello(
        role=v1.ROLE_WORKER,
        minor_min=MINOR,
        minor_max=MINOR,
        instance_id=identity.instance,
        name=identity.name,
        generation=identity.generation,
        build="hocket_worker 0.1.0",
        engine=model.engine,
        capabilities=sorted(model.capabilities | KIT_CAPABILITIES),
        limits=v1.Limits(
            frame_bytes_max=FRAME_BYTES_MAX,
            submit_bytes_max=SUBMIT_BYTES_MAX,
            streams_max=model.streams_max,
            prompt_tokens_max=PROMPT_TOKENS_MAX,
            window_bytes=2 * SUBMIT_BYTES_MAX,
            control_frames_per_second_max=CONTROL_FRAMES_PER_SECOND_MAX,
        ),
        models=[
            v1.Model(
                id=model.name,
                context_tokens_max=model.context_tokens_max,
                stop_token_ids=STOP_TOKENS,
            )
        ],
        vocabulary=VOCABULARY,
        schema_fingerprint=SCHEMA_FINGERPRINT,
        clock=v1.Clock(mono_ns=mono_ns, real_ns=time.time_ns()),
    )
