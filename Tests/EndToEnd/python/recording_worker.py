"""A worker on the Python kit that says how it was asked to sample, and answers with one word.

python recording_worker.py SOCKET MODEL
"""

import json
import sys

from google.protobuf.json_format import MessageToDict

from hocket_worker import Identity, Model, Request, Worker
from hocket_worker.v1.connection_pb2 import Capability
from hocket_worker.v1.generation_pb2 import Constraint, ConstraintStart

# <|channel|>final<|message|> la<|return|>
ANSWER = [200_005, 17_196, 200_008, 557, 200_002]
MARK = "sampling: "


def told(constraint: Constraint) -> dict:
    kind = constraint.WhichOneof("kind")
    start = ConstraintStart.Name(constraint.start)
    return {kind: getattr(constraint, kind).decode(), "start": start}


class RecordingEngine:
    def __init__(self, name: str) -> None:
        self.model = Model(
            name=name,
            context_tokens_max=100_000,
            engine="recording",
            capabilities=frozenset(Capability.values()) - {Capability.CAPABILITY_UNSPECIFIED},
        )
        self._asked: list[int] = []

    def start(self, request: Request) -> None:
        sampling = MessageToDict(request.sampling, preserving_proto_field_name=True)
        if request.constraint is not None:
            sampling["constraint"] = told(request.constraint)
        print(MARK + json.dumps(sampling), flush=True)
        self._asked.append(request.id)

    def step(self) -> dict[int, list[int]]:
        answers = {id: ANSWER for id in self._asked}
        self._asked.clear()
        return answers

    def cancel(self, request_id: int) -> None:
        pass


if __name__ == "__main__":
    sys.exit(Worker(RecordingEngine(sys.argv[2]), sys.argv[1], Identity(sys.argv[2])).run())
