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

# The SDK's event types by the value of their member `type`.
EVENT_TYPES: dict[str, type[BaseModel]] = {
    name: event_type
    for event_type in get_args(get_args(ResponseStreamEvent)[0])
    for name in get_args(event_type.model_fields["type"].annotation)
}
# What the API sends and the SDK has no name for.
UNKNOWN_TO_SDK = {
    "Response": {"presence_penalty", "frequency_penalty", "store"},
    "ResponseFunctionCallArgumentsDoneEvent": {"name"},
}
TERMINAL = {
    "response.completed": "completed",
    "response.incomplete": "incomplete",
    "response.failed": "failed",
}
# The event that carries a delta, the one that ends the text, and the text's name there.
TEXTS = {
    "response.output_text": "text",
    "response.reasoning_text": "text",
    "response.function_call_arguments": "arguments",
}

Event = dict[str, Any]


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
        self._items: list[dict[str, Any]] = []
        self._item: dict[str, Any] | None = None
        self._part: Event | None = None
        self._text: str | None = None
        for number, event in enumerate(self.events):
            check_types(event)
            assert event["sequence_number"] == number
        self._check_frame()
        for event in self.events[2:-1]:
            self._read(event)
        assert self._item is None, "an item is still open"
        self.response = self.events[-1]["response"]
        assert self.response["output"] == self._items

    def _check_frame(self) -> None:
        created, in_progress, *_, last = self.events
        assert self.types[:2] == ["response.created", "response.in_progress"]
        for event in (created, in_progress):
            assert event["response"]["output"] == []
            assert event["response"]["usage"] is None
            assert event["response"]["status"] == "in_progress"
        assert last["response"]["status"] == TERMINAL[last["type"]]
        lifecycle = [event["response"] for event in self.events if "response" in event]
        assert len(lifecycle) == 3
        assert len({response["id"] for response in lifecycle}) == 1
        check_usage(last["response"]["usage"])

    def _read(self, event: Event) -> None:
        type = event["type"]
        subject, _, step = type.rpartition(".")
        if type == "response.output_item.added":
            self._open_item(event)
        elif type == "response.output_item.done":
            self._close_item(event)
        else:
            assert event["item_id"] == self._open["id"]
            assert event["output_index"] == len(self._items)
            if type == "response.content_part.added":
                self._open_part(event)
            elif type == "response.content_part.done":
                self._close_part(event)
            elif step == "delta":
                assert event["delta"], "an empty delta"
                self._text = (self._text or "") + event["delta"]
            else:
                assert step == "done"
                assert event[TEXTS[subject]] == self._text, "deltas do not add up"

    @property
    def _open(self) -> dict[str, Any]:
        assert self._item is not None, "no item is open"
        return self._item

    def _open_item(self, event: Event) -> None:
        assert self._item is None, "items open one after the other"
        assert event["output_index"] == len(self._items)
        self._item = event["item"]
        self._text = None
        assert self._item["status"] == "in_progress"
        assert not self._item.get("content") and not self._item.get("arguments")

    def _close_item(self, event: Event) -> None:
        item = event["item"]
        assert self._part is None, "a part is still open"
        assert event["output_index"] == len(self._items)
        for name in ("id", "type", "call_id", "name"):
            assert item.get(name) == self._open.get(name)
        if item["type"] == "function_call":
            assert item["arguments"] == self._text
        else:
            assert [part["text"] for part in item["content"]] == [self._text]
        self._items.append(item)
        self._item = None

    def _open_part(self, event: Event) -> None:
        assert self._part is None, "parts open one after the other"
        assert event["content_index"] == 0
        assert event["part"]["text"] == ""
        self._part = event

    def _close_part(self, event: Event) -> None:
        assert self._part is not None, "no part is open"
        assert event["part"] == self._part["part"] | {"text": self._text}
        self._part = None


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
