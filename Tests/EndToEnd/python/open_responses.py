"""The dialect of Open Responses, by the types that are generated from its specification."""

import json
from typing import Any, get_args

import openresponses_types as specification
from pydantic import BaseModel, TypeAdapter

from event_stream import Event
from transcript import Transcript

# The specification's event types by the value of their member `type`.
EVENT_TYPES: dict[str, type[BaseModel]] = {
    name.value: event_type
    for event_type in vars(specification).values()
    if isinstance(event_type, type) and event_type.__name__.endswith("StreamingEvent")
    for name in event_type.model_fields["type"].annotation
}


class OpenTranscript(Transcript):
    """Reads the events of one response in the dialect of Open Responses."""

    is_open_responses = True

    def check_types(self, event: Event) -> None:
        assert event["type"] in EVENT_TYPES, f"the specification knows no event {event['type']}"
        validate(EVENT_TYPES[event["type"]], event)


def check_open_response(response: dict[str, Any]) -> None:
    validate(specification.ResponseResource, response)


def validate(model: type[BaseModel], value: dict[str, Any]) -> None:
    """All required members, each of its type; JSON has one kind of number."""
    TypeAdapter(model).validate_json(json.dumps(_without_schema(value)))


def _without_schema(value: Any) -> Any:
    """The specification has null where the schema of an answer is repeated."""
    if isinstance(value, list):
        return [_without_schema(element) for element in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "json_schema":
        return value | {"schema": None}
    return {name: _without_schema(member) for name, member in value.items()}
