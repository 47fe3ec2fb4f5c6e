"""The rules of a streamed response, checked on the events as they were on the wire.

Two kinds: each event must be what the SDK's own types say, strictly, and the events together
must tell one story: numbered without gaps, properly nested, with deltas that add up.
"""

import json
from collections.abc import Iterable
from typing import Any, get_args

from openai import BaseModel
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from event_grammar import EventGrammar
from event_stream import Event
from event_stream import parse as parse

# The SDK's event types by the value of their member `type`.
EVENT_TYPES: dict[str, type[BaseModel]] = {
    name: event_type
    for event_type in get_args(get_args(ResponseStreamEvent)[0])
    for name in get_args(event_type.model_fields["type"].annotation)
}
# What the API sends and the SDK has no name for.
UNKNOWN_TO_SDK = {
    "Response": {"presence_penalty", "frequency_penalty", "store"},
    "ResponseCustomToolCall": {"status"},
    "ResponseFunctionCallArgumentsDoneEvent": {"name"},
    "ResponseReasoningTextDeltaEvent": {"obfuscation"},
    "ResponseTextDeltaEvent": {"obfuscation"},
    # The SDK names the bytes of a token in a finished text, but not in the events before it.
    "Logprob": {"bytes"},
    "LogprobTopLogprob": {"bytes"},
}


def check_types(event: Event) -> None:
    """Against the SDK's type of the event: all required members, strictly typed, none misspelt."""
    assert event["type"] in EVENT_TYPES, f"the SDK knows no event {event['type']}"
    check_strictly(EVENT_TYPES[event["type"]], event)


def check_response(response: dict[str, Any]) -> None:
    check_strictly(Response, response)


def check_strictly(model: type[BaseModel], value: dict[str, Any]) -> None:
    check_known(TypeAdapter(model).validate_json(json.dumps(value), strict=True))


def check_known(value: Any, path: str = "") -> None:
    """No member that the SDK has no name for: optional ones may be misspelt unnoticed."""
    if isinstance(value, BaseModel):
        name = type(value).__name__
        unknown = set(value.model_extra or {}) - UNKNOWN_TO_SDK.get(name, set())
        assert not unknown, f"{name} has no {unknown} ({path})"
        for name in value.model_fields_set:
            check_known(getattr(value, name, None), f"{path}.{name}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            check_known(element, f"{path}[{index}]")


class Transcript:
    """Reads the events of one response in order; `response` is the final one.

    Of a stream that was cut the first events are enough, and `response` is nothing.
    """

    is_open_responses = False

    def __init__(self, events: Iterable[Event], is_cut: bool = False) -> None:
        self.events = list(events)
        self.types = [event["type"] for event in self.events]
        grammar = EventGrammar(self.is_open_responses)
        for event in self.events:
            grammar.read(event)
            self.check_types(event)
        grammar.finish(is_cut)
        if not is_cut:
            self.response = self.events[-1]["response"]
            # Of a response that its router did not live to end nobody knows the prompt.
            if self.response["status"] != "failed":
                check_usage(self.response["usage"])

    def check_types(self, event: Event) -> None:
        check_types(event)


def check_usage(usage: dict[str, Any]) -> None:
    assert usage["input_tokens"] > 0
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert usage["output_tokens_details"]["reasoning_tokens"] <= usage["output_tokens"]


def text_of(item: dict[str, Any]) -> str:
    return "".join(part["text"] for part in item["content"])


def shape(value: Any) -> Any:
    """What a value is made of, without its ids, times and texts."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(element) for element in value]
    return type(value).__name__
