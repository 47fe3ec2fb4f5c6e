"""Renders conversations.json to token_ids.jsonl, the token ids that train.py memorises.

    python render.py [--check]

Run this after editing conversations.json, and commit both files. It uses the reference
implementation of Harmony (`pip install openai-harmony==0.0.8`), not the router's own, so that a
model which answers through the router also proves that the two render alike.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from openai_harmony import (
    Conversation,
    DeveloperContent,
    HarmonyEncoding,
    HarmonyEncodingName,
    Message,
    Role,
    SystemContent,
    ToolDescription,
    load_harmony_encoding,
)

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / "Vocabulary"))
import generate as vocabulary  # noqa: E402

# Any date will do: the model is blind to it, see is_blind.
DATE = "2026-11-23"


def load_encoding() -> HarmonyEncoding:
    """The reference's encoding over the committed vocabulary: it would download it otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        tokens = vocabulary.read_committed_tokens()[: vocabulary.ORDINARY_COUNT]
        table = vocabulary.format_tiktoken(tokens)
        (Path(folder) / "o200k_base.tiktoken").write_bytes(table)
        os.environ["TIKTOKEN_ENCODINGS_BASE"] = folder
        return load_harmony_encoding(HarmonyEncodingName.HARMONY_GPT_OSS)


def prompt_ids(encoding: HarmonyEncoding, case: dict) -> list[int]:
    system = SystemContent.new().with_conversation_start_date(DATE)
    messages = [Message.from_role_and_content(Role.SYSTEM, system)]
    if "instructions" in case or "tools" in case:
        developer = DeveloperContent.new()
        if "instructions" in case:
            developer = developer.with_instructions(case["instructions"])
        if "tools" in case:
            tools = [ToolDescription.new(**tool) for tool in case["tools"]]
            developer = developer.with_function_tools(tools)
        messages.append(Message.from_role_and_content(Role.DEVELOPER, developer))
    messages.append(Message.from_role_and_content(Role.USER, case["input"]))
    conversation = Conversation.from_messages(messages)
    return encoding.render_conversation_for_completion(conversation, Role.ASSISTANT)


def completion_text(case: dict) -> str:
    """Spells the answer as a model emits it: channel first, then recipient, then content type."""
    analysis = f"<|channel|>analysis<|message|>{case['analysis']}<|end|><|start|>assistant"
    if "final" in case:
        return f"{analysis}<|channel|>final<|message|>{case['final']}<|return|>"
    call = case["call"]
    header = f"<|channel|>commentary to=functions.{call['name']} <|constrain|>json<|message|>"
    return f"{analysis}{header}{call['arguments']}<|call|>"


def is_blind(encoding: HarmonyEncoding, token: int) -> bool:
    """Whether the token may differ from one request to the next: dates and reasoning efforts.

    The model learns nothing about such a token, wherever it stands, so that it answers the same
    on any day. Every date has as many tokens as any other, so positions do not shift.
    """
    text = encoding.decode([token])
    return text.isdigit() or text in (" low", " medium", " high")


def render(encoding: HarmonyEncoding, case: dict) -> dict:
    prompt = prompt_ids(encoding, case)
    completion = encoding.encode(completion_text(case), allowed_special="all")
    if unlearnable := [token for token in completion if is_blind(encoding, token)]:
        sys.exit(f"{case['name']}: cannot learn to answer {encoding.decode(unlearnable)!r}")
    blind = sorted({token for token in prompt if is_blind(encoding, token)})
    return {"name": case["name"], "prompt": prompt, "blind": blind, "completion": completion}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="only compare with the file")
    check = arguments.parse_args().check
    encoding = load_encoding()
    cases = json.loads((HERE / "conversations.json").read_text())
    lines = "".join(json.dumps(render(encoding, case)) + "\n" for case in cases)
    output = HERE / "token_ids.jsonl"
    if not check:
        output.write_text(lines)
    elif output.read_text() != lines:
        sys.exit("token_ids.jsonl is not what conversations.json renders to: run render.py")


if __name__ == "__main__":
    main()
