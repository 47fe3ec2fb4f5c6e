"""Good streams, each broken in one way, and what a checker must find in it.

`python mutations.py` prints how many were found, of each kind.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chat_grammar import ChatGrammar, check_chat_stream
from event_grammar import EventGrammar
from event_stream import Event, Fault, parse
from stories import (
    CALL, CODE, ITEM, LIST, MCP, SEARCH, SUMMARY, TEXT, USAGE, chat_story, story,
)  # fmt: skip

ADDED, DONE = f"{ITEM}.added", f"{ITEM}.done"
CREATED, COMPLETED = "response.created", "response.completed"
GOOD, CHAT = story(), chat_story()

# What must be found where a fault may be told by several names.
ANY = "any fault"


@dataclass(frozen=True)
class Mutation:
    """A stream that is broken in one way."""

    checker: str
    # How it is broken, in the words of the table.
    change: str
    name: str
    stream: Any
    # The kind of fault that must be found.
    kind: str = ANY

    @property
    def is_caught(self) -> bool:
        found = FAULTS[self.checker](self.stream)
        return found is not None if self.kind == ANY else found == self.kind


def _found(check: Callable[[], None]) -> str | None:
    try:
        check()
    except Fault as fault:
        return fault.kind
    return None


def event_fault(events: list[Event], is_cut: bool = False, **options) -> str | None:
    """What is wrong with the events of a response."""

    def check() -> None:
        grammar = EventGrammar(**options)
        for event in events:
            grammar.read(event)
        grammar.finish(is_cut)

    return _found(check)


def chat_fault(chunks: list[Event], is_cut: bool = False) -> str | None:
    """What is wrong with the chunks of a completion."""

    def check() -> None:
        grammar = ChatGrammar()
        for chunk in chunks:
            grammar.read(chunk)
        grammar.finish(is_cut)

    return _found(check)


def framing_fault(text: str, is_cut: bool = False) -> str | None:
    """What is wrong with the lines of a response's stream."""
    return _found(lambda: list(parse(text.split("\n"), is_cut)))


def chat_framing_fault(text: str) -> str | None:
    """What is wrong with the lines of a completion's stream."""
    return _found(lambda: check_chat_stream(text.split("\n")))


FAULTS = {
    "events": event_fault,
    "chat": chat_fault,
    "framing": framing_fault,
    "chat framing": chat_framing_fault,
}


def all_mutations() -> list[Mutation]:
    return [
        *_moved_events(), *_changed_events(), *_changed_items(), *_moved_chunks(),
        *_changed_chunks(), *_broken_frames(),
    ]  # fmt: skip


def renumbered(events: list[Event]) -> list[Event]:
    return [event | {"sequence_number": number} for number, event in enumerate(events)]


def label(events: list[Event], index: int) -> str:
    return f"{index}-{events[index].get('type', 'chunk').removeprefix('response.')}"


def first(type: str) -> int:
    return next(i for i, event in enumerate(GOOD) if event["type"] == type)


def _copy(events: list[Event]) -> list[Event]:
    """A copy in which no two events hold the same object."""
    return json.loads(json.dumps(events))


def _set(target: Any, path: str, value: Any) -> None:
    *places, name = path.split(".")
    for place in places:
        target = target[int(place) if place.isdigit() else place]
    if value is ...:
        del target[name]
    else:
        target[name] = value


# Events that are missing, doubled or in the wrong place.


def _moved_events() -> Iterator[Mutation]:
    for index in range(len(GOOD)):
        name = label(GOOD, index)
        rest = GOOD[:index] + GOOD[index + 1 :]
        yield Mutation("events", "a missing event, and a gap", name, rest)
        yield Mutation("events", "a missing event without a gap", name, renumbered(rest))
        twice = renumbered([*GOOD[: index + 1], *GOOD[index:]])
        yield Mutation("events", "an event told twice", name, twice)
        yield Mutation("events", "an end too early", name, GOOD[:index], "end")
    for index in range(len(GOOD) - 1):
        pair = [GOOD[index + 1], GOOD[index]]
        # A note may stand before or after any delta.
        if any("annotation" in e for e in pair) and all("delta" in e or "annotation" in e for e in pair):
            continue
        events = renumbered([*GOOD[:index], *pair, *GOOD[index + 2 :]])
        yield Mutation("events", "neighbours that change places", label(GOOD, index), events)
    yield Mutation("events", "an end told twice", "end", renumbered([*GOOD, GOOD[-1]]), "end")
    cut = renumbered([*GOOD[:-2], GOOD[-1]])
    yield Mutation("events", "an item open at the end", "end", cut, "nesting")
    index = first(f"{TEXT}.delta")
    added = GOOD[first(ADDED)] | {"output_index": GOOD[index]["output_index"]}
    inside = renumbered([*GOOD[:index], added, *GOOD[index:]])
    yield Mutation("events", "an item within an item", "message", inside, "nesting")


# One member of one event that is wrong.

_WRONG_MEMBERS = [
    (CREATED, "sequence_number", 1, "sequence"),
    (f"{TEXT}.delta", "sequence_number", 99, "sequence"),
    (CREATED, "response.status", "completed", "status"),
    (CREATED, "response.status", "queued", "lifecycle"),
    (CREATED, "response.output", [{}], "output"),
    (CREATED, "response.usage", USAGE, "usage"),
    ("response.in_progress", "response.id", "resp_2", "response identity"),
    ("response.in_progress", "type", CREATED, "lifecycle"),
    (COMPLETED, "response.id", "resp_2", "response identity"),
    (COMPLETED, "response.status", "failed", "status"),
    (COMPLETED, "type", "response.incomplete", "status"),
    (COMPLETED, "response.incomplete_details", {"reason": "x"}, "status"),
    (COMPLETED, "response.error", {"code": "x", "message": "x"}, "status"),
    (COMPLETED, "response.output", [], "output"),
    (COMPLETED, "response.output.0.id", "mcpl_2", "output"),
    (COMPLETED, "response.usage", None, "usage"),
    (COMPLETED, "response.usage.total_tokens", 13, "usage"),
    (f"{TEXT}.delta", "error", {"message": "x"}, "error"),
    (f"{TEXT}.delta", "type", "error", "error"),
    (f"{TEXT}.delta", "output_index", 0, "item identity"),
    (f"{TEXT}.delta", "content_index", 1, "item identity"),
    (f"{TEXT}.delta", "item_id", "msg_2", "item identity"),
    (f"{TEXT}.delta", "delta", "You ", "text"),
    (f"{TEXT}.delta", "delta", "", "text"),
    (f"{TEXT}.delta", "logprobs", ..., "logprobs"),
    (f"{TEXT}.delta", "logprobs", None, "null"),
    (f"{TEXT}.delta", "logprobs", [{"token": "I "}], "logprobs"),
    (f"{TEXT}.done", "logprobs", [{"token": "I "}], "logprobs"),
    (f"{TEXT}.delta", "type", "response.refusal.delta", "nesting"),
    (f"{TEXT}.done", "text", "I saw", "text"),
    (f"{TEXT}.done", "logprobs", ..., "logprobs"),
    (f"{TEXT}.annotation.added", "annotation_index", 1, "item identity"),
    (f"{TEXT}.annotation.added", "annotation", {"type": "file_path"}, "text"),
    ("response.reasoning_text.done", "text", "Hm", "text"),
    ("response.reasoning_text.delta", "type", "response.reasoning.delta", "nesting"),
    ("response.content_part.added", "content_index", 1, "item identity"),
    ("response.content_part.added", "part.type", "output_text", "nesting"),
    ("response.content_part.added", "part.text", "H", "text"),
    ("response.content_part.done", "part.text", "Hm", "text"),
    (f"{SUMMARY}_part.added", "summary_index", 1, "item identity"),
    (f"{SUMMARY}_text.delta", "summary_index", 1, "item identity"),
    (f"{SUMMARY}_text.delta", "delta", "h", "text"),
    (f"{SUMMARY}_part.done", "part.text", "h", "text"),
    (f"{CALL}.delta", "delta", "[", "text"),
    (f"{CALL}.done", "arguments", "[]", "text"),
    (f"{CALL}.delta", "item_id", "fc_2", "item identity"),
    (f"{MCP}.in_progress", "type", f"{LIST}.in_progress", "nesting"),
    (f"{MCP}.completed", "type", f"{MCP}.failed", "status"),
    (f"{MCP}_arguments.done", "arguments", "[]", "text"),
    (f"{LIST}.completed", "type", f"{LIST}.failed", "status"),
    (f"{CODE}_code.delta", "delta", "2", "text"),
    (f"{CODE}_code.done", "code", "1", "text"),
    (f"{CODE}.interpreting", "type", f"{SEARCH}.searching", "nesting"),
    (f"{CODE}.completed", "type", f"{CODE}.failed", "nesting"),
    (f"{SEARCH}.searching", "type", f"{SEARCH}.completed", "nesting"),
    (ADDED, "item.tools", [{"name": "t"}], "text"),
    (ADDED, "item.type", "trumpet", "nesting"),
    (ADDED, "output_index", 1, "item identity"),
    (DONE, "item.id", "mcpl_2", "item identity"),
    (DONE, "item.server_label", "t", "item identity"),
    (DONE, "item.tools", [{"name": "u", "input_schema": {}}], "output"),
]


def _changed_events() -> Iterator[Mutation]:
    for type, path, value, kind in _WRONG_MEMBERS:
        events = _copy(GOOD)
        _set(events[first(type)], path, value)
        yield Mutation("events", "a wrong member", f"{type}-{path}-{value}", events, kind)


# Items that are done otherwise than told, wherever they are told of once more.

_WRONG_ITEMS = [
    ("msg_1", {"status": "incomplete"}, "status"),
    ("rs_1", {"status": "incomplete"}, "status"),
    ("fc_1", {"call_id": "call_2"}, "item identity"),
    ("fc_1", {"name": "g"}, "item identity"),
    ("fc_1", {"arguments": "[]"}, "text"),
    ("fc_1", {"status": "in_progress"}, "status"),
    ("ctc_1", {"input": "lo"}, "text"),
    ("mcp_1", {"error": {"type": "mcp_tool_execution_error"}}, "status"),
    ("ci_1", {"status": "failed"}, "status"),
    ("ci_1", {"code": "2"}, "text"),
    ("ci_1", {"container_id": "cntr_2"}, "item identity"),
    ("ws_1", {"status": "incomplete"}, "status"),
    ("ws_1", {"action": {"type": "search", "query": "y"}}, "text"),
    ("ws_2", {"status": "completed"}, "status"),
    ("rs_1", {"content": []}, "text"),
    ("rs_1", {"summary": []}, "text"),
    ("msg_1", {"content": []}, "text"),
    ("msg_1", {"phase": None}, "null"),
]


def _changed_items() -> Iterator[Mutation]:
    for id, changes, kind in _WRONG_ITEMS:
        events = _copy(GOOD)
        done = [event["item"] for event in events if event["type"] == DONE]
        for item in (*done, *events[-1]["response"]["output"]):
            if item["id"] == id:
                item.update(changes)
        yield Mutation("events", "an item done otherwise", f"{id}-{changes}", events, kind)


# Chunks of chat completions.


def _is_text(chunk: Event) -> bool:
    """Whether a chunk's text could as well be missing, or come twice."""
    delta = chunk["choices"][0]["delta"] if chunk["choices"] else {}
    return bool(delta.get("content") or delta.get("reasoning"))


def _moved_chunks() -> Iterator[Mutation]:
    for index, chunk in enumerate(CHAT):
        name = label(CHAT, index)
        yield Mutation("chat", "an end too early", name, CHAT[:index], ANY)
        if not _is_text(chunk):
            rest = CHAT[:index] + CHAT[index + 1 :]
            yield Mutation("chat", "a missing chunk", name, rest)
            yield Mutation("chat", "a chunk told twice", name, [*CHAT[: index + 1], *CHAT[index:]])
    for index in range(len(CHAT) - 1):
        pair = [CHAT[index + 1], CHAT[index]]
        if not all(map(_is_text, pair)):
            chunks = [*CHAT[:index], *pair, *CHAT[index + 2 :]]
            is_free = index == 4  # A text before a call may as well come after its beginning.
            if not is_free:
                yield Mutation("chat", "neighbours that change places", label(CHAT, index), chunks)


_CHOICE = "choices.0"
_WRONG_CHUNKS = [
    (1, "id", "chatcmpl-2", "identity"),
    (1, "created", 2, "identity"),
    (1, "model", "n", "identity"),
    (1, "object", "chat.completion", "identity"),
    (1, f"{_CHOICE}.index", 1, "identity"),
    (0, f"{_CHOICE}.delta", {"role": "assistant"}, "role"),
    (3, f"{_CHOICE}.delta.role", "assistant", "role"),
    (1, f"{_CHOICE}.delta.reasoning", ..., "delta"),
    (1, f"{_CHOICE}.delta.reasoning", "hm", "delta"),
    (3, f"{_CHOICE}.delta.content", "", "delta"),
    (3, f"{_CHOICE}.delta.surprise", 1, "delta"),
    (5, f"{_CHOICE}.delta.tool_calls.0.id", ..., "call"),
    (5, f"{_CHOICE}.delta.tool_calls.0.index", 1, "call"),
    (5, f"{_CHOICE}.delta.tool_calls.0.function.name", "", "call"),
    (6, f"{_CHOICE}.delta.tool_calls.0.index", 1, "call"),
    (6, f"{_CHOICE}.delta.tool_calls.0.function.arguments", "[", "call"),
    (6, f"{_CHOICE}.delta.tool_calls.0.function.arguments", "", "call"),
    (8, f"{_CHOICE}.delta.tool_calls.0.index", 0, "call"),
    (3, f"{_CHOICE}.finish_reason", "stop", "finish"),
    (-2, f"{_CHOICE}.finish_reason", "stop", "finish"),
    (-2, f"{_CHOICE}.finish_reason", "sung", "finish"),
    (-2, f"{_CHOICE}.finish_reason", None, "delta"),
    (3, f"{_CHOICE}.logprobs", ..., "logprobs"),
    (3, "usage", ..., "usage"),
    (3, "usage", {"total_tokens": 1}, "usage"),
    (-1, "usage", None, "usage"),
    (-1, "usage.total_tokens", 13, "usage"),
    (-1, "error", {"message": "x"}, "error"),
]


def _changed_chunks() -> Iterator[Mutation]:
    for index, path, value, kind in _WRONG_CHUNKS:
        chunks = _copy(CHAT)
        _set(chunks[index], path, value)
        yield Mutation("chat", "a wrong member", f"{index}-{path}-{value}", chunks, kind)
    plain = chat_story(includes_usage=False)
    asked = [*plain, CHAT[-1]]
    yield Mutation("chat", "usage that nobody asked for", "end", asked, "usage")
    error = {"error": {"message": "It broke."}}
    yield Mutation("chat", "more after an error", "error", [*CHAT[:2], error, CHAT[2]], "error")


# Lines.


def wire(events: list[Event]) -> str:
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events)


def chat_wire(chunks: list[Event]) -> str:
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks)


END = "data: [DONE]\n\n"


def _broken_frames() -> Iterator[Mutation]:
    one, two = wire(GOOD[:1]), wire(GOOD[1:2])
    for name, text, kind in [
        ("no [DONE]", one + two, "end"),
        ("a late [DONE]", one + END + two, "end"),
        ("two [DONE]s", one + END + END, "end"),
        ("another name", one.replace("event: response.created", "event: x") + END, "event name"),
        ("no name", one.replace("event: response.created\n", "") + END, "framing"),
        ("no data", "event: response.created\n\n" + END, "framing"),
        ("an event within an event", one.replace("\ndata:", f"\n{two}data:") + END, "framing"),
        ("a comment within an event", one.replace("\ndata:", "\n: here\ndata:") + END, "framing"),
        ("an empty line within an event", one.replace("\ndata:", "\n\ndata:") + END, "framing"),
        ("half of the data", one[:-20] + "\n\n" + END, "framing"),
        ("two lines of data", one.replace("{", "{\ndata: ", 1) + END, "framing"),
        ("no empty line", one.rstrip("\n") + "\n" + END, "framing"),
        ("half an event at the end", one + "event: response.in_progress\n", "framing"),
        ("anything else", one + "id: 5\n\n" + END, "framing"),
    ]:
        yield Mutation("framing", "broken lines", name, text, kind)
    whole = chat_wire(CHAT)
    for name, text, kind in [
        ("no [DONE]", whole, "end"),
        ("a late [DONE]", chat_wire(CHAT[:-1]) + END + chat_wire(CHAT[-1:]), "end"),
        ("a name", "event: x\n" + whole + END, "framing"),
        ("half of the data", whole[:-20] + "\n\n" + END, "framing"),
        ("no empty line", whole.replace("\n\n", "\n") + END, "framing"),
    ]:
        yield Mutation("chat framing", "broken lines", name, text, kind)


def table() -> str:
    """How many mutations of each kind are caught."""
    counts: dict[tuple[str, str, str], list[bool]] = {}
    for mutation in all_mutations():
        key = (mutation.checker, mutation.change, mutation.kind)
        counts.setdefault(key, []).append(mutation.is_caught)
    rows = [
        f"{checker:13} {change:30} {kind:18} {sum(caught):4} / {len(caught)}"
        for (checker, change, kind), caught in counts.items()
    ]
    total = [caught for row in counts.values() for caught in row]
    return "\n".join(
        [
            f"{'checker':13} {'what is broken':30} {'fault to find':18} caught / all",
            *rows,
            f"{'all':63} {sum(total):4} / {len(total)}",
        ]
    )


if __name__ == "__main__":
    print(table())
    raise SystemExit(not all(mutation.is_caught for mutation in all_mutations()))
