"""The nesting rules of a streamed response, as a machine that reads one event after the other.

    response.created [response.queued] response.in_progress item* (completed|incomplete|failed)

    message, reasoning:  output_item.added part+ output_item.done
    a part:              content_part.added delta* done content_part.done
    after them, in reasoning, each summary in the same way
    function_call and custom_tool_call:  added delta* done output_item.done
    mcp_call:            added in_progress delta* done (completed|failed) output_item.done
    mcp_list_tools:      added in_progress (completed|failed) output_item.done
    mcp_approval_request: added output_item.done
    code_interpreter_call: added in_progress delta* done interpreting completed output_item.done
    web_search_call:     added in_progress searching completed output_item.done
    of the last two, one that failed has no completed, and one that was cut off ends anywhere

One item is open at a time. Numbers count from 0 without a gap; ids and indexes never change; what
deltas add up to, what is done, the part, the item and the final response are all the same.

In the dialect of Open Responses the events of reasoning are called response.reasoning.*, and an
error comes before response.failed. Summaries are called the same in both.
"""

from typing import Any

from event_stream import Event, Fault

TERMINAL = {
    "response.completed": ("completed",),
    "response.incomplete": ("incomplete",),
    # There is no event of its own for a response that was cancelled.
    "response.failed": ("failed", "cancelled"),
}
# Of items without parts: the events of their text, and its name.
ITEM_TEXTS = {
    "function_call": ("response.function_call_arguments", "arguments"),
    "custom_tool_call": ("response.custom_tool_call_input", "input"),
    "mcp_call": ("response.mcp_call_arguments", "arguments"),
    "code_interpreter_call": ("response.code_interpreter_call_code", "code"),
}
# Of items that are carried out: the steps that one which is whole goes through.
CARRIED_OUT = {
    "mcp_list_tools": ("in_progress", "completed"),
    "mcp_call": ("in_progress", "completed"),
    "code_interpreter_call": ("in_progress", "interpreting", "completed"),
    "web_search_call": ("in_progress", "searching", "completed"),
}
# Those of them whose failure has no event.
BUILT_IN = ("code_interpreter_call", "web_search_call")
# Of parts: the events of their text, and its name.
PART_TEXTS = {
    "output_text": ("response.output_text", "text"),
    "refusal": ("response.refusal", "refusal"),
    "reasoning_text": ("response.reasoning_text", "text"),
    "summary_text": ("response.reasoning_summary_text", "text"),
}
OPEN_PART_TEXTS = PART_TEXTS | {"reasoning_text": ("response.reasoning", "text")}
PARTS = {"message": ("output_text", "refusal"), "reasoning": ("reasoning_text",)}
# Members of an item that never change.
IDENTITY = ("id", "type", "call_id", "name", "role", "phase", "server_label", "container_id")
# Members that strict readers take as absent or as a value, but not as null.
NEVER_NULL = {"annotations", "content", "encrypted_content", "logprobs", "phase", "verbosity"}


class Text:
    """A text that comes in deltas: of a part, or of an item without parts."""

    def __init__(self, subject: str, key: str) -> None:
        self.subject = subject
        self.key = key
        self.value = ""
        self.is_done = False
        self.annotations: list[Any] = []
        self.logprobs: list[Any] = []


class EventGrammar:
    """Reads events in order; `finish` when there are no more."""

    def __init__(self, is_open_responses: bool = False) -> None:
        self._is_open_responses = is_open_responses
        self._has_error_event = False
        self._event: Event = {}
        self._stage = "start"
        self._number = 0
        self._response_id: str | None = None
        self._starts_queued = False
        self._items: list[dict[str, Any]] = []
        self._open: OpenItem | None = None

    def read(self, event: Event) -> None:
        self._event = event
        self._expect(self._stage != "ended", "end")
        self._expect(event.get("sequence_number") == self._number, "sequence")
        self._number += 1
        self._check_nulls(event)
        if event["type"] == "error":
            return self._read_error(event)
        self._expect(not event.get("error"), "error")
        if "response" in event:
            self._read_lifecycle(event["type"], event["response"])
        else:
            self._expect(self._stage == "in_progress", "lifecycle")
            self._read_item(event["type"], event)

    def finish(self, is_cut: bool = False) -> None:
        """Checks that nothing is missing, or nothing but the end of a stream that was cut."""
        self._expect(is_cut or self._stage == "ended", "end")

    def _expect(self, holds: bool, kind: str) -> None:
        if not holds:
            raise Fault(kind, self._event)

    def _check_nulls(self, value: Any) -> None:
        if isinstance(value, dict):
            self._expect(not any(value[name] is None for name in NEVER_NULL & value.keys()), "null")
            value = list(value.values())
        for member in value if isinstance(value, list) else []:
            self._check_nulls(member)

    def _read_error(self, event: Event) -> None:
        self._expect(self._is_open_responses and self._open is None, "error")
        self._expect(bool((event.get("error") or {}).get("message")), "error")
        self._has_error_event = True

    # The response's own events.

    def _read_lifecycle(self, type: str, response: dict[str, Any]) -> None:
        self._response_id = self._response_id or response["id"]
        self._expect(response["id"] == self._response_id, "response identity")
        if type in TERMINAL:
            return self._end(type, response)
        order = {"response.created": ("start",), "response.queued": ("created",)}
        before = order.get(type, ("queued",) if self._starts_queued else ("created",))
        self._expect(self._stage in before, "lifecycle")
        self._stage = type.removeprefix("response.")
        self._expect(response["output"] == [], "output")
        self._expect(response["usage"] is None, "usage")
        if type == "response.created":
            self._starts_queued = response["status"] == "queued"
        status = "queued" if self._starts_queued and type != "response.in_progress" else None
        self._expect(response["status"] == (status or "in_progress"), "status")
        self._expect(type != "response.queued" or self._starts_queued, "status")

    def _end(self, type: str, response: dict[str, Any]) -> None:
        self._expect(self._stage == "in_progress", "lifecycle")
        self._stage = "ended"
        self._expect(self._open is None, "nesting")
        self._expect(response["output"] == self._items, "output")
        status = response["status"]
        self._expect(status in TERMINAL[type], "status")
        self._expect((response["incomplete_details"] is not None) == (status == "incomplete"),
                     "status")  # fmt: skip
        self._expect((response["error"] is not None) == (status == "failed"), "status")
        tells_error = self._is_open_responses and status == "failed"
        self._expect(self._has_error_event == tells_error, "error")
        cut = [
            item.get("status") == "incomplete" and item["type"] not in CARRIED_OUT
            for item in self._items
        ]
        self._expect(not any(cut[:-1]) and not (any(cut) and status == "completed"), "status")
        usage = response["usage"] or {}
        total = usage.get("input_tokens", 0) + usage.get("output_tokens", 0)
        self._expect(usage.get("total_tokens") == total, "usage")

    # Items.

    def _read_item(self, type: str, event: Event) -> None:
        self._expect(event.get("output_index") == len(self._items), "item identity")
        if type == "response.output_item.added":
            self._expect(self._open is None, "nesting")
            texts = OPEN_PART_TEXTS if self._is_open_responses else PART_TEXTS
            self._open = OpenItem(event["item"], texts, self._expect)
            return
        self._expect(self._open is not None, "nesting")
        assert self._open is not None
        if type == "response.output_item.done":
            self._open.close(event["item"])
            self._items.append(event["item"])
            self._open = None
        else:
            self._expect(event.get("item_id") == self._open.item["id"], "item identity")
            self._open.read(type, event)


class OpenItem:
    """An item between its first and its last event."""

    def __init__(self, item: dict[str, Any], part_texts: dict[str, tuple], expect) -> None:
        self.item = item
        self._part_texts = part_texts
        self._expect = expect
        self._parts: list[Text] = []
        self._summaries: list[Text] = []
        self._part: Text | None = None
        self._progress: list[str] = []
        self._text = Text(*ITEM_TEXTS[item["type"]]) if item["type"] in ITEM_TEXTS else None
        known = {*PARTS, *ITEM_TEXTS, *CARRIED_OUT, "mcp_approval_request"}
        expect(item["type"] in known, "nesting")
        expect(item.get("status", "in_progress") == "in_progress", "status")
        expect(not item.get("content") and not item.get("summary"), "text")
        expect(not item.get("tools") and not item.get("output"), "text")
        expect(not item.get("outputs"), "text")
        expect(item["type"] != "web_search_call" or bool(item["action"]["type"]), "text")
        if self._text:
            expect(item[self._text.key] == "", "text")

    def read(self, type: str, event: Event) -> None:
        subject, _, step = type.rpartition(".")
        if subject.removeprefix("response.") in CARRIED_OUT:
            self._expect(subject == f"response.{self.item['type']}", "nesting")
            self._read_progress(step)
        elif subject in ("response.content_part", "response.reasoning_summary_part"):
            self._read_part(subject, step, event)
        else:
            self._read_text(subject, step, event)

    def _read_progress(self, step: str) -> None:
        steps = CARRIED_OUT[self.item["type"]]
        if self.item["type"] not in BUILT_IN and step == "failed":
            steps = (*steps[:-1], "failed")
        place = len(self._progress)
        self._expect(place < len(steps) and steps[place] == step, "nesting")
        self._expect(place == 0 or self._text is None or self._text.is_done, "nesting")
        self._progress.append(step)

    def _read_part(self, subject: str, step: str, event: Event) -> None:
        is_summary = subject == "response.reasoning_summary_part"
        type = event["part"]["type"]
        allowed = ("summary_text",) if is_summary else PARTS.get(self.item["type"], ())
        self._expect(type in allowed, "nesting")
        self._expect(not is_summary or self.item["type"] == "reasoning", "nesting")
        parts = self._summaries if is_summary else self._parts
        self._check_index(event, is_summary, len(parts))
        key = self._part_texts[type][1]
        if step == "added":
            self._expect(self._part is None, "nesting")
            self._expect(is_summary or not self._summaries, "nesting")
            self._expect(event["part"][key] == "", "text")
            self._part = Text(*self._part_texts[type])
            return
        part = self._part
        self._expect(part is not None and part.is_done, "nesting")
        self._expect(part.subject == self._part_texts[type][0], "nesting")
        self._expect(event["part"][key] == part.value, "text")
        self._expect(event["part"].get("annotations", []) == part.annotations, "text")
        self._expect(event["part"].get("logprobs", []) == part.logprobs, "logprobs")
        parts.append(part)
        self._part = None

    def _read_text(self, subject: str, step: str, event: Event) -> None:
        text = self._part or self._text
        self._expect(text is not None and not text.is_done, "nesting")
        if subject == "response.output_text.annotation":
            self._expect(text.subject == "response.output_text", "nesting")
            self._expect(event["annotation_index"] == len(text.annotations), "item identity")
            text.annotations.append(event["annotation"])
            return
        self._expect(subject == text.subject, "nesting")
        needs_start = self.item["type"] in CARRIED_OUT
        self._expect(not needs_start or self._progress == ["in_progress"], "nesting")
        if text is self._part:
            is_summary = subject == self._part_texts["summary_text"][0]
            self._check_index(event, is_summary, len(self._summaries if is_summary else self._parts))
        if subject == "response.output_text":
            self._expect(isinstance(event.get("logprobs"), list), "logprobs")
        if step == "delta":
            self._expect(event["delta"] != "", "text")
            text.value += event["delta"]
            text.logprobs += event.get("logprobs", [])
        else:
            self._expect(step == "done", "nesting")
            self._expect(event[text.key] == text.value, "text")
            self._expect(event.get("logprobs", []) == text.logprobs, "logprobs")
            text.is_done = True

    def _check_index(self, event: Event, is_summary: bool, index: int) -> None:
        name = "summary_index" if is_summary else "content_index"
        self._expect(event.get(name) == index, "item identity")

    def close(self, item: dict[str, Any]) -> None:
        for name in IDENTITY:
            self._expect(item.get(name) == self.item.get(name), "item identity")
        self._expect(self._part is None, "nesting")
        if item["type"] in PARTS:
            self._expect(bool(self._parts or self._summaries), "nesting")
            self._check_parts(item.get("content", []), self._parts)
            self._check_parts(item.get("summary", []), self._summaries)
        if self._text:
            self._expect(self._text.is_done, "nesting")
            self._expect(item[self._text.key] == self._text.value, "text")
        if item["type"] in BUILT_IN:
            self._close_built_in(item)
        elif item["type"] in CARRIED_OUT:
            self._close_carried_out(item)
        if item["type"] not in ("mcp_call", *BUILT_IN):
            done = (None, "completed", "incomplete")
            self._expect(item.get("status") in done, "status")

    def _close_carried_out(self, item: dict[str, Any]) -> None:
        self._expect(len(self._progress) == 2, "nesting")
        failed = self._progress[-1] == "failed"
        if item["type"] == "mcp_list_tools":
            self._expect((item.get("error") is not None) == failed, "status")
            return
        # One that the end of the response cut short has no error of its own.
        self._expect((item["output"] is None) == failed, "status")
        self._expect((item["error"] is not None) == (item["status"] == "failed"), "status")
        ends = ("failed", "incomplete") if failed else ("completed",)
        self._expect(item["status"] in ends, "status")

    def _close_built_in(self, item: dict[str, Any]) -> None:
        steps = CARRIED_OUT[item["type"]]
        ends = {1: ("incomplete",), 2: ("failed", "incomplete"), 3: ("completed",)}
        self._expect(len(self._progress) in ends, "nesting")
        self._expect(item["status"] in ends[len(self._progress)], "status")
        self._expect(tuple(self._progress) == steps[: len(self._progress)], "nesting")
        if item["type"] == "web_search_call":
            added, done = self.item["action"], item["action"]
            # The page may be known only when it was opened.
            known = [name for name in added if name != "url" or added[name]]
            self._expect(all(done[name] == added[name] for name in known), "text")

    def _check_parts(self, parts: list[dict[str, Any]], texts: list[Text]) -> None:
        values = [part[self._part_texts[part["type"]][1]] for part in parts]
        self._expect(values == [text.value for text in texts], "text")
        logprobs = [part.get("logprobs", []) for part in parts]
        self._expect(logprobs == [text.logprobs for text in texts], "logprobs")
