"""The rules of a streamed chat completion, as a machine that reads one chunk after the other.

    role (reasoning | content | call | arguments)* finish [usage] | … error

One choice, told under one id. Reasoning goes by both of its names. Calls begin one after the
other, with id and name, and their arguments add up to JSON. `usage` is null in every chunk before
the last one, or in none at all.
"""

import json
from collections.abc import Iterable

from event_stream import Event, Fault, chunks

FINISH_REASONS = ("stop", "length", "tool_calls", "content_filter")


class ChatGrammar:
    """Reads chunks in order; `finish` when there are no more."""

    def __init__(self) -> None:
        self._chunk: Event = {}
        self._stage = "start"
        self._head = None
        self._has_usage = False
        self._calls: list[str] = []

    def read(self, chunk: Event) -> None:
        self._chunk = chunk
        self._expect(self._stage != "failed", "error")
        if "error" in chunk:
            return self._fail(chunk)
        self._read_head(chunk)
        if not chunk["choices"]:
            return self._read_usage(chunk)
        self._expect(("usage" in chunk) == self._has_usage, "usage")
        self._expect(chunk.get("usage") is None, "usage")
        self._expect(len(chunk["choices"]) == 1, "identity")
        self._read_choice(chunk["choices"][0])

    def finish(self, is_cut: bool = False) -> None:
        """Checks that nothing is missing, or nothing but the end of a stream that was cut."""
        if is_cut:
            return
        self._expect(self._stage != "finished" or not self._has_usage, "usage")
        self._expect(self._stage in ("finished", "counted", "failed"), "end")

    def _expect(self, holds: bool, kind: str) -> None:
        if not holds:
            raise Fault(kind, self._chunk)

    def _fail(self, chunk: Event) -> None:
        self._expect(self._stage in ("start", "open"), "error")
        self._expect(len(chunk) == 1 and bool(chunk["error"]["message"]), "error")
        self._stage = "failed"

    def _read_head(self, chunk: Event) -> None:
        head = [chunk.get(name) for name in ("id", "object", "created", "model")]
        if self._head is None:
            self._head = head
            self._has_usage = "usage" in chunk
        self._expect(head == self._head and all(head), "identity")
        self._expect(chunk["object"] == "chat.completion.chunk", "identity")

    def _read_usage(self, chunk: Event) -> None:
        usage = chunk.get("usage") or {}
        self._expect(self._has_usage and self._stage == "finished", "usage")
        total = usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0)
        self._expect(usage.get("total_tokens") == total, "usage")
        self._stage = "counted"

    def _read_choice(self, choice: Event) -> None:
        self._expect(choice.get("index") == 0, "identity")
        self._expect("logprobs" in choice, "logprobs")
        delta, reason = choice["delta"], choice.get("finish_reason")
        if self._stage == "start":
            self._expect(delta == {"role": "assistant", "content": ""}, "role")
            self._expect(reason is None, "finish")
            self._stage = "open"
            return
        self._expect(self._stage == "open", "finish")
        self._expect("role" not in delta, "role")
        if reason is None:
            self._read_delta(delta)
        else:
            self._expect(delta == {}, "finish")
            self._end(reason)

    def _end(self, reason: str) -> None:
        self._expect(reason in FINISH_REASONS, "finish")
        self._expect(reason != "stop" or not self._calls, "finish")
        if reason == "tool_calls":
            self._expect(bool(self._calls) and all(map(is_json, self._calls)), "call")
        self._stage = "finished"

    def _read_delta(self, delta: Event) -> None:
        if delta.keys() == {"content"}:
            self._expect(bool(delta["content"]), "delta")
        elif delta.keys() == {"reasoning", "reasoning_content"}:
            self._expect(bool(delta["reasoning"]), "delta")
            self._expect(delta["reasoning"] == delta["reasoning_content"], "delta")
        else:
            self._expect(delta.keys() == {"tool_calls"}, "delta")
            self._expect(len(delta["tool_calls"]) == 1, "call")
            self._read_call(delta["tool_calls"][0])

    def _read_call(self, call: Event) -> None:
        arguments = call["function"].get("arguments")
        if "id" in call:
            self._expect(call["index"] == len(self._calls), "call")
            self._expect(bool(call["id"]) and call["type"] == "function", "call")
            self._expect(bool(call["function"].get("name")) and arguments == "", "call")
            self._calls.append("")
        else:
            self._expect(call["index"] == len(self._calls) - 1 and bool(arguments), "call")
            self._calls[-1] += arguments


def check_chat_stream(lines: Iterable[str], is_cut: bool = False) -> list[Event]:
    """The chunks of a stream that keeps to the rules."""
    grammar, read = ChatGrammar(), []
    for chunk in chunks(lines, is_cut):
        grammar.read(chunk)
        read.append(chunk)
    grammar.finish(is_cut)
    return read


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
