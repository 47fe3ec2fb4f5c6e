"""The grammar must find what it is there for, or its silence means nothing.

Each test breaks a good stream in one way and names the fault that must be found.
"""

import json

import pytest

from event_grammar import EventGrammar, Fault
from transcript import Transcript, check_types

ITEM = "response.output_item"
CALL = "response.function_call_arguments"
MCP = "response.mcp_call"
LIST = "response.mcp_list_tools"
TEXT = "response.output_text"
SUMMARY = "response.reasoning_summary"


def response(status, output, usage=None, **changes):
    fixed = {
        "id": "resp_1", "object": "response", "created_at": 1, "model": "m", "tools": [],
        "tool_choice": "auto", "parallel_tool_calls": True, "error": None,
        "incomplete_details": None, "status": status, "output": output, "usage": usage,
    }  # fmt: skip
    return fixed | changes


USAGE = {
    "input_tokens": 7, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens": 5, "output_tokens_details": {"reasoning_tokens": 1}, "total_tokens": 12,
}  # fmt: skip


class Story:
    """Tells a stream with an item of every kind."""

    def __init__(self):
        self.events = []
        self.items = []
        self.item = None

    def say(self, type, **members):
        self.events.append({"type": type, "sequence_number": len(self.events), **members})

    def tell(self, type, **members):
        place = {"item_id": self.item["id"], "output_index": len(self.items)}
        self.say(type, **place, **members)

    def open(self, **item):
        self.item = item
        self.say(f"{ITEM}.added", output_index=len(self.items), item=dict(item))

    def close(self, **changes):
        item = self.item | changes
        self.say(f"{ITEM}.done", output_index=len(self.items), item=item)
        self.items.append(item)

    def part(self, part, key, subject, deltas, annotation=None, **members):
        extra = {"logprobs": []} if subject == TEXT else {}
        self.tell("response.content_part.added", content_index=0, part=part | {key: ""})
        for delta in deltas:
            self.tell(f"{subject}.delta", content_index=0, delta=delta, **extra)
        if annotation:
            self.tell(
                f"{TEXT}.annotation.added", content_index=0, annotation_index=0,
                annotation=annotation,
            )  # fmt: skip
            part = part | {"annotations": [annotation]}
        text = "".join(deltas)
        self.tell(f"{subject}.done", content_index=0, **{key: text}, **extra)
        part = part | {key: text}
        self.tell("response.content_part.done", content_index=0, part=part)
        return part

    def reasoning(self):
        self.open(id="rs_1", type="reasoning", status="in_progress", summary=[], content=[])
        part = {"type": "reasoning_text"}
        content = self.part(part, "text", "response.reasoning_text", ["Hm", "."])
        part = {"type": "summary_text", "text": ""}
        self.tell(f"{SUMMARY}_part.added", summary_index=0, part=part)
        self.tell(f"{SUMMARY}_text.delta", summary_index=0, delta="H")
        self.tell(f"{SUMMARY}_text.done", summary_index=0, text="H")
        part = part | {"text": "H"}
        self.tell(f"{SUMMARY}_part.done", summary_index=0, part=part)
        self.close(status="completed", content=[content], summary=[part])

    def message(self, status="completed"):
        self.open(id="msg_1", type="message", status="in_progress", role="assistant", content=[])
        part = {"type": "output_text", "annotations": [], "logprobs": []}
        note = {"type": "file_path", "file_id": "f", "index": 0}
        self.close(status=status, content=[self.part(part, "text", TEXT, ["I ", "see"], note)])

    def calls(self):
        self.open(
            id="fc_1", type="function_call", status="in_progress", call_id="call_1", name="f",
            arguments="",
        )  # fmt: skip
        self.tell(f"{CALL}.delta", delta="{")
        self.tell(f"{CALL}.delta", delta="}")
        self.tell(f"{CALL}.done", arguments="{}", name="f")
        self.close(status="completed", arguments="{}")
        self.open(id="ctc_1", type="custom_tool_call", call_id="call_2", name="g", input="")
        self.tell("response.custom_tool_call_input.delta", delta="la")
        self.tell("response.custom_tool_call_input.done", input="la")
        self.close(input="la")

    def mcp(self):
        self.open(id="mcpl_1", type="mcp_list_tools", server_label="s", tools=[])
        self.tell(f"{LIST}.in_progress")
        self.tell(f"{LIST}.completed")
        self.close(tools=[{"name": "t", "input_schema": {}}])
        self.open(
            id="mcp_1", type="mcp_call", status="in_progress", server_label="s", name="t",
            arguments="", output=None, error=None,
        )  # fmt: skip
        self.tell(f"{MCP}.in_progress")
        self.tell(f"{MCP}_arguments.delta", delta="{}")
        self.tell(f"{MCP}_arguments.done", arguments="{}")
        self.tell(f"{MCP}.completed")
        self.close(status="completed", arguments="{}", output="fine")
        self.open(
            id="mcpr_1", type="mcp_approval_request", server_label="s", name="t", arguments="{}"
        )
        self.close()


def story(first="in_progress", last="completed", message="completed", **changes):
    told = Story()
    told.say("response.created", response=response(first, []))
    if first == "queued":
        told.say("response.queued", response=response(first, []))
    told.say("response.in_progress", response=response("in_progress", []))
    told.mcp()
    told.reasoning()
    told.calls()
    told.message(message)
    told.say(f"response.{last}", response=response(last, told.items, USAGE, **changes))
    return told.events


def fault(events, dialect="openai"):
    grammar = EventGrammar(dialect)
    try:
        for event in events:
            grammar.read(event)
        grammar.finish()
    except Fault as fault:
        return fault.kind
    return None


def renumbered(events):
    return [event | {"sequence_number": number} for number, event in enumerate(events)]


def labels(events):
    return [f"{number}-{event['type'].removeprefix('response.')}"
            for number, event in enumerate(events)]  # fmt: skip


def unshared(events):
    """A copy in which no two events hold the same object."""
    return json.loads(json.dumps(events))


GOOD = story()
INDEXES = pytest.mark.parametrize("index", range(len(GOOD)), ids=labels(GOOD))
NOTE = next(i for i, event in enumerate(GOOD) if "annotation" in event)


@pytest.mark.parametrize(
    "events",
    [
        GOOD,
        story(first="queued"),
        story(last="failed", error={"code": "server_error", "message": "It broke."}),
        story(
            last="incomplete",
            message="incomplete",
            incomplete_details={"reason": "max_output_tokens"},
        ),
    ],
    ids=["whole", "queued", "failed", "incomplete"],
)
def test_a_good_stream_has_no_fault(events):
    assert fault(events) is None
    for event in events:
        check_types(event)
    Transcript(events)


def in_open_responses(events):
    """The same story in the other dialect."""
    names = {f"response.reasoning_text.{step}": f"response.reasoning.{step}"
             for step in ("delta", "done")}  # fmt: skip
    return [event | {"type": names.get(event["type"], event["type"])} for event in events]


def test_each_dialect_has_its_own_events_of_reasoning_and_the_same_of_summaries():
    other = in_open_responses(GOOD)
    assert fault(other, "open_responses") is None
    assert fault(other) == "nesting"
    assert fault(GOOD, "open_responses") == "nesting"


def test_a_failure_is_an_error_before_it_in_open_responses_and_only_there():
    broken = {"code": "server_error", "message": "It broke."}
    *events, last = in_open_responses(story(last="failed", error=broken))
    told = {"type": "error", "error": broken}
    assert fault([*events, last], "open_responses") == "error"
    assert fault(renumbered([*events, told, last]), "open_responses") is None
    assert fault(renumbered([*GOOD[:-1], told, GOOD[-1]])) == "error"


@INDEXES
def test_a_dropped_event_leaves_a_gap(index):
    assert fault(GOOD[:index] + GOOD[index + 1 :]) is not None


@INDEXES
def test_a_dropped_event_is_missed_even_if_numbers_have_no_gap(index):
    assert fault(renumbered(GOOD[:index] + GOOD[index + 1 :])) is not None


@INDEXES
def test_an_event_told_twice(index):
    assert fault(renumbered([*GOOD[: index + 1], *GOOD[index:]])) is not None


@pytest.mark.parametrize("index", range(len(GOOD) - 1), ids=labels(GOOD[:-1]))
def test_neighbours_that_change_places(index):
    pair = [GOOD[index + 1], GOOD[index]]
    # A note may stand before or after any delta.
    is_free = NOTE in (index, index + 1) and all("delta" in e or "annotation" in e for e in pair)
    events = renumbered([*GOOD[:index], *pair, *GOOD[index + 2 :]])
    assert (fault(events) is None) == is_free


@pytest.mark.parametrize("index", range(len(GOOD)), ids=labels(GOOD))
def test_an_end_too_early(index):
    assert fault(GOOD[:index]) == "end"


def first(type):
    return next(i for i, event in enumerate(GOOD) if event["type"] == type)


ADDED, DONE = f"{ITEM}.added", f"{ITEM}.done"
CREATED, COMPLETED = "response.created", "response.completed"


@pytest.mark.parametrize(
    ("type", "path", "value", "kind"),
    [
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
        (f"{TEXT}.delta", "output_index", 0, "item identity"),
        (f"{TEXT}.delta", "content_index", 1, "item identity"),
        (f"{TEXT}.delta", "item_id", "msg_2", "item identity"),
        (f"{TEXT}.delta", "delta", "You ", "text"),
        (f"{TEXT}.delta", "delta", "", "text"),
        (f"{TEXT}.delta", "logprobs", None, "logprobs"),
        (f"{TEXT}.delta", "logprobs", [{"token": "I "}], "logprobs"),
        (f"{TEXT}.delta", "type", "response.refusal.delta", "nesting"),
        (f"{TEXT}.done", "text", "I saw", "text"),
        (f"{TEXT}.done", "logprobs", None, "logprobs"),
        (f"{TEXT}.done", "logprobs", [{"token": "I "}], "logprobs"),
        (f"{TEXT}.annotation.added", "annotation_index", 1, "item identity"),
        (f"{TEXT}.annotation.added", "annotation", {"type": "file_path"}, "text"),
        ("response.reasoning_text.done", "text", "Hm", "text"),
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
        (ADDED, "item.tools", [{"name": "t"}], "text"),
        (ADDED, "item.type", "trumpet", "nesting"),
        (ADDED, "output_index", 1, "item identity"),
        (DONE, "item.id", "mcpl_2", "item identity"),
        (DONE, "item.server_label", "t", "item identity"),
        (DONE, "item.tools", [{"name": "u", "input_schema": {}}], "output"),
    ],
)
def test_one_member_that_is_wrong(type, path, value, kind):
    events = unshared(GOOD)
    target = events[first(type)]
    *places, name = path.split(".")
    for place in places:
        target = target[int(place) if place.isdigit() else place]
    target[name] = value
    assert fault(events) == kind


@pytest.mark.parametrize(
    ("id", "changes", "kind"),
    [
        ("msg_1", {"status": "incomplete"}, "status"),
        ("rs_1", {"status": "incomplete"}, "status"),
        ("fc_1", {"call_id": "call_2"}, "item identity"),
        ("fc_1", {"name": "g"}, "item identity"),
        ("fc_1", {"arguments": "[]"}, "text"),
        ("fc_1", {"status": "in_progress"}, "status"),
        ("ctc_1", {"input": "lo"}, "text"),
        ("mcp_1", {"error": {"type": "mcp_tool_execution_error"}}, "status"),
        ("rs_1", {"content": []}, "text"),
        ("rs_1", {"summary": []}, "text"),
        ("msg_1", {"content": []}, "text"),
    ],
)
def test_an_item_that_is_done_otherwise_than_told(id, changes, kind):
    events = unshared(GOOD)
    for item in (*(e["item"] for e in events if e["type"] == DONE),
                 *events[-1]["response"]["output"]):  # fmt: skip
        if item["id"] == id:
            item.update(changes)
    assert fault(events) == kind


def test_two_ends():
    assert fault(renumbered([*GOOD, GOOD[-1]])) == "end"


def test_no_end():
    assert fault(GOOD[:-1]) == "end"


def test_an_item_that_is_still_open_at_the_end():
    assert fault(renumbered([*GOOD[:-2], GOOD[-1]])) == "nesting"


def test_an_item_within_an_item():
    index = first(f"{TEXT}.delta")
    events = renumbered([*GOOD[:index], GOOD[first(ADDED)] | {"output_index": 6}, *GOOD[index:]])
    assert fault(events) == "nesting"
