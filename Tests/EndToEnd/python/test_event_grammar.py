"""The grammars must find what they are there for, or their silence means nothing.

Each mutation breaks a good stream in one way and names the fault that must be found.
"""

import pytest

from mutations import (
    CHAT,
    END,
    GOOD,
    all_mutations,
    chat_fault,
    chat_framing_fault,
    chat_wire,
    event_fault,
    framing_fault,
    renumbered,
    wire,
)
from stories import chat_story, story
from transcript import Transcript, check_types

MUTATIONS = all_mutations()


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
    assert event_fault(events) is None
    for event in events:
        check_types(event)
    Transcript(events)
    assert framing_fault(": hello\n\n" + wire(events) + ": still here\n\n" + END) is None


@pytest.mark.parametrize(
    "chunks",
    [
        CHAT,
        chat_story(includes_usage=False),
        chat_story(finish="stop"),
        chat_story(finish="length"),
        [*CHAT[:3], {"error": {"message": "It broke."}}],
    ],
    ids=["whole", "without usage", "stop", "length", "failed"],
)
def test_a_good_completion_has_no_fault(chunks):
    assert chat_fault(chunks) is None
    assert chat_framing_fault(chat_wire(chunks) + ": still here\n\n" + END) is None


@pytest.mark.parametrize("index", range(len(GOOD)))
def test_the_beginning_of_a_good_stream_has_no_fault(index):
    assert event_fault(GOOD[:index], is_cut=True) is None
    assert framing_fault(wire(GOOD[:index]), is_cut=True) is None


@pytest.mark.parametrize("index", range(len(CHAT)))
def test_the_beginning_of_a_good_completion_has_no_fault(index):
    assert chat_fault(CHAT[:index], is_cut=True) is None


@pytest.mark.parametrize(
    "mutation", MUTATIONS, ids=[f"{m.checker}-{m.change}-{m.name}" for m in MUTATIONS]
)
def test_what_is_broken_is_found(mutation):
    assert mutation.is_caught


def test_open_responses_have_a_dialect_of_their_own():
    def translated(events):
        return [
            event | {"type": event["type"].replace("reasoning_text.", "reasoning.")}
            for event in events
        ]

    assert event_fault(translated(GOOD), is_open_responses=True) is None
    assert event_fault(translated(GOOD)) == "nesting"
    assert event_fault(GOOD, is_open_responses=True) == "nesting"
    reason = {"code": "server_error", "message": "It broke."}
    failed = translated(story(last="failed", error=reason))
    assert event_fault(failed, is_open_responses=True) == "error"
    told = renumbered([*failed[:-1], {"type": "error", "error": reason}, failed[-1]])
    assert event_fault(told, is_open_responses=True) is None
    assert event_fault(renumbered([GOOD[0], told[-2]])) == "error"
