"""The rules of a streamed response, checked on the events as they were on the wire.

Two kinds: each event must be what the SDK's own types say, strictly, and the events together
must tell one story: numbered without gaps, properly nested, with deltas that add up.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from openai import BaseModel
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from event_grammar import Event, EventGrammar

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
    # The SDK names the bytes of a token in a finished text, but not in the events before it.
    "Logprob": {"bytes"},
    "LogprobTopLogprob": {"bytes"},
}


def parse(lines: Iterable[str]) -> Iterator[Event]:
    """Server-sent events: `event:` and `data:` must agree, and [DONE] must end the stream."""
    name, ended = None, False
    for line in lines:
        assert not ended or not line, f"after [DONE] came {line!r}"
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line == "data: [DONE]":
            ended = True
        elif line.startswith("data: "):
            event = json.loads(line.removeprefix("data: "))
            assert event["type"] == name
            yield event
        else:
            assert line == "" or line.startswith(":"), f"no server-sent event: {line!r}"
    assert ended, "the stream ended without [DONE]"


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
    """Reads the events of one response in order; `response` is the final one."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.events = list(events)
        self.types = [event["type"] for event in self.events]
        grammar = EventGrammar()
        for event in self.events:
            grammar.read(event)
            check_types(event)
        grammar.finish()
        self.response = self.events[-1]["response"]
        check_usage(self.response["usage"])


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


def check_chat_stream(lines: Iterable[str]) -> None:
    """The chunks of a chat completion: one story, told with `data:` alone, up to [DONE]."""
    *data, done = [line.removeprefix("data: ") for line in lines if line and line[0] != ":"]
    assert done == "[DONE]", f"the stream ended with {done!r}"
    chunks = [json.loads(chunk) for chunk in data]
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1
    choices = [chunk["choices"][0] for chunk in chunks if chunk["choices"]]
    assert choices[0]["delta"] == {"role": "assistant", "content": ""}
    reasons = [choice["finish_reason"] for choice in choices]
    assert reasons[-1] and not any(reasons[:-1]), "one choice ends once, at its end"
    check_chat_calls([call for choice in choices for call in choice["delta"].get("tool_calls", [])])


def check_chat_calls(deltas: Iterable[dict[str, Any]]) -> None:
    arguments: list[str] = []
    for delta in deltas:
        if "id" in delta:
            assert delta["index"] == len(arguments), "calls begin one after the other"
            assert delta["type"] == "function" and delta["function"]["name"]
            arguments.append("")
        assert delta["index"] == len(arguments) - 1
        arguments[-1] += delta["function"]["arguments"]
    for text in arguments:
        json.loads(text)
