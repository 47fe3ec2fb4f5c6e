"""How to see what became of a parameter, for each parameter of both APIs.

A probe has the value to send, and what must follow from each word of the page: `echoed` in the
answer, `handed on` to the worker, `refused` with 400 or 404, `honoured` by a check of the answer
with and without it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from songs import ASK_BOTH, ASK_WEATHER, LOOSE_CLOCK, WEATHER, chat_tool

NOTHING = object()

# The tests that show each word of a parameter, all in test_parameters.py.
SHOWN_BY = {
    "honoured": "test_what_is_honoured_changes_the_answer",
    "handed on": "test_what_is_handed_on_reaches_the_worker",
    "echoed": "test_what_is_echoed_is_in_the_answer",
    "refused": "test_what_is_wrong_is_refused_by_name",
    "ignored": "test_what_is_echoed_is_in_the_answer",
}
# Those that have tests of their own, in test_special_parameters.py: they change how an answer
# comes, or need another one before.
SPECIAL = {
    "stream": "test_stream",
    "stream_options": "test_stream_options",
    "store": "test_store",
    "previous_response_id": "test_previous_response_id",
    "background": "test_background",
    "conversation": "test_conversation",
    "truncation": "test_truncation",
}


@dataclass(frozen=True)
class Probe:
    value: Any = NOTHING
    # What the answer says of it where that is not the value itself.
    echo: Any = NOTHING
    # The worker's name for it, and its value there.
    handed: tuple[str, Any] | None = None
    # A value that is refused.
    refused: Any = NOTHING
    # Members that must be there for the parameter to matter.
    beside: dict[str, Any] | None = None
    # Compares the answer with the parameter to the one without it.
    honoured: Callable[[dict, dict], bool] | None = None


def text(answer: dict) -> str:
    """Everything that an answer says, of either API."""
    if "choices" in answer:
        return answer["choices"][0]["message"]["content"] or ""
    messages = [item for item in answer["output"] if item["type"] == "message"]
    return "".join(part["text"] for item in messages for part in item["content"])


def calls(answer: dict) -> int:
    if "choices" in answer:
        return len(answer["choices"][0]["message"].get("tool_calls", []))
    return sum(item["type"] == "function_call" for item in answer["output"])


def output_tokens(answer: dict) -> int:
    usage = answer["usage"]
    return usage.get("output_tokens") or usage["completion_tokens"]


def fewer_tokens(answer: dict, plain: dict) -> bool:
    return output_tokens(answer) < output_tokens(plain)


def summaries(answer: dict) -> int:
    return sum(len(item.get("summary", [])) for item in answer["output"])


def logprobs(answer: dict) -> list[dict]:
    if "choices" in answer:
        return (answer["choices"][0]["logprobs"] or {"content": []})["content"]
    return answer["output"][-1]["content"][0]["logprobs"]


def more_logprobs(answer: dict, plain: dict) -> bool:
    return len(str(logprobs(answer))) > len(str(logprobs(plain)))


def is_json(answer: dict, plain: dict) -> bool:
    return text(answer).startswith("{") and not text(plain).startswith("{")


def handed(name: str, value: Any, at_worker: str | None = None, **other) -> Probe:
    return Probe(value, handed=(at_worker or name, value), **other)


SCHEMA = {"type": "object", "properties": {"la": {"type": "string"}}, "required": ["la"]}
CONSTRAINT = {
    "json_schema": json.dumps(SCHEMA, separators=(",", ":")),
    "start": "CONSTRAINT_START_FINAL_CHANNEL",
}
TOOLS, CHAT_TOOLS = [WEATHER, LOOSE_CLOCK], [chat_tool(WEATHER), chat_tool(LOOSE_CLOCK)]

SAMPLING = {
    "temperature": handed("temperature", 0.5, refused=3),
    "top_p": handed("top_p", 0.5, refused=2),
    "presence_penalty": handed("presence_penalty", 0.5, refused=3),
    "frequency_penalty": handed("frequency_penalty", 0.5, refused=3),
    "seed": Probe(7, handed=("seed", "7"), refused="x"),
    "logit_bias": Probe({"5": 1}, handed=("logit_bias_ids", [5]), refused={"x": 1}),
    "top_k": handed("top_k", 5, refused="x"),
    "min_p": handed("min_p", 0.5, refused=2),
    "repetition_penalty": handed("repetition_penalty", 2, refused=0),
    "stop": Probe("simulation", honoured=lambda a, b: "simulation" in text(b)
                  and "simulation" not in text(a), refused=[""] * 17),  # fmt: skip
}

RESPONSES = SAMPLING | {
    "model": Probe("simulated-gpt-oss", refused="gpt-oss-1t"),
    "input": Probe("Sing of x!", honoured=lambda a, b: "of x!" in text(a), refused=5),
    "instructions": Probe(
        "Give a preamble.", honoured=lambda a, b: len(a["output"]) > len(b["output"]), refused=5
    ),
    "reasoning.effort": Probe("low", honoured=fewer_tokens, refused="heroic"),
    "reasoning.summary": Probe("auto", refused="song",
                               honoured=lambda a, b: summaries(a) > summaries(b)),  # fmt: skip
    "max_output_tokens": Probe(5, handed=("output_tokens_max", 5), honoured=fewer_tokens, refused=0),
    "top_logprobs": handed("top_logprobs", 3, honoured=more_logprobs, refused=21),
    "include": Probe(["message.output_text.logprobs"], handed=("logprobs", True),
                     honoured=more_logprobs, refused=["song"]),  # fmt: skip
    "tools": Probe(TOOLS, beside={"input": ASK_WEATHER}, refused=[{"type": "trumpet"}],
                   honoured=lambda a, b: calls(a) > calls(b)),  # fmt: skip
    "tool_choice": Probe("none", beside={"input": ASK_WEATHER, "tools": TOOLS}, refused="maybe",
                         honoured=lambda a, b: calls(a) < calls(b)),  # fmt: skip
    "parallel_tool_calls": Probe(False, beside={"input": ASK_BOTH, "tools": TOOLS}, refused=5,
                                 honoured=lambda a, b: calls(a) < calls(b)),  # fmt: skip
    "max_tool_calls": Probe(3, refused=0),
    "truncation": Probe("auto", refused="song"),
    "text.format": Probe({"type": "json_schema", "name": "la", "schema": SCHEMA},
                         handed=("constraint", CONSTRAINT),
                         honoured=is_json, refused={"type": "json_schema"}),  # fmt: skip
    "text.verbosity": Probe("low", refused="song"),
    "metadata": Probe({"tune": "la"}, refused={"tune": 1}),
    "user": Probe("singer", refused=5),
    "safety_identifier": Probe("singer", refused=5),
    "prompt_cache_key": Probe("key", refused=5),
    "service_tier": Probe("auto", echo="default", refused=5),
    "prompt_cache_retention": Probe("24h"),
    "prompt": Probe({"id": "pmpt_1"}),
    "context_management": Probe([{"type": "compaction"}]),
    "moderation": Probe({}),
}

CHAT = SAMPLING | {
    "model": Probe("simulated-gpt-oss", refused="gpt-oss-1t"),
    "messages": Probe([{"role": "user", "content": "Sing of x!"}], refused=[],
                      honoured=lambda a, b: "of x!" in text(a)),  # fmt: skip
    "max_completion_tokens": Probe(5, handed=("output_tokens_max", 5), honoured=fewer_tokens,
                                   refused=0),  # fmt: skip
    "max_tokens": Probe(5, handed=("output_tokens_max", 5), honoured=fewer_tokens, refused=0),
    "reasoning_effort": Probe("low", honoured=fewer_tokens, refused="heroic"),
    "response_format": Probe(
        {"type": "json_schema", "json_schema": {"name": "la", "schema": SCHEMA}},
        handed=("constraint", CONSTRAINT), honoured=is_json, refused={"type": "json_schema"},
    ),  # fmt: skip
    "tools": Probe(CHAT_TOOLS, beside={"messages": [{"role": "user", "content": ASK_WEATHER}]},
                   honoured=lambda a, b: calls(a) > calls(b),
                   refused=[{"type": "trumpet"}]),  # fmt: skip
    "tool_choice": Probe(
        "none", honoured=lambda a, b: calls(a) < calls(b), refused="maybe",
        beside={"messages": [{"role": "user", "content": ASK_WEATHER}], "tools": CHAT_TOOLS},
    ),  # fmt: skip
    "parallel_tool_calls": Probe(
        False, honoured=lambda a, b: calls(a) < calls(b), refused=5,
        beside={"messages": [{"role": "user", "content": ASK_BOTH}], "tools": CHAT_TOOLS},
    ),  # fmt: skip
    "n": Probe(1, refused=2),
    "logprobs": handed("logprobs", True, honoured=more_logprobs, refused=5),
    "top_logprobs": handed("top_logprobs", 3, honoured=more_logprobs, refused=21,
                           beside={"logprobs": True}),  # fmt: skip
    "verbosity": Probe("low", refused="song"),
    "metadata": Probe({"tune": "la"}, refused={"tune": 1}),
    "store": Probe(True, refused=5),
    "user": Probe("singer", refused=5),
    "safety_identifier": Probe("singer", refused=5),
    "prompt_cache_key": Probe("key", refused=5),
    "service_tier": Probe("auto"),
    "modalities": Probe(["text"]),
    "prediction": Probe({"type": "content", "content": "la"}),
}
