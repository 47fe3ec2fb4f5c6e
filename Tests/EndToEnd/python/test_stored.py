"""What a router keeps: conversations, items by reference, and everything it acknowledged."""

import json
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest

from event_stream import Event
from processes import MODEL, Router
from transcript import Transcript, parse

RESPONSES = 200
ACKNOWLEDGED_BEFORE_KILL = 100


def test_a_conversation_grows_with_its_responses(client):
    conversation = client.conversations.create(
        metadata={"tune": "hocket"}, items=[{"role": "user", "content": "Remember 42."}]
    )
    id = conversation.id
    first = client.responses.create(model=MODEL, input="Sing.", conversation=id)
    assert first.conversation.id == id
    stream = client.responses.create(
        model=MODEL, input="And on.", conversation={"id": id}, stream=True
    )
    second = Transcript(event.to_dict() for event in stream).response
    items = [item.to_dict() for item in client.conversations.items.list(id, order="asc", limit=4)]
    kept = [item for item in items if item.get("role") != "user"]
    assert kept == [item.to_dict() for item in first.output] + second["output"]
    assert [item["role"] for item in items if item.get("role") == "user"] == ["user"] * 3
    assert second["usage"]["input_tokens"] > first.usage.input_tokens


def test_the_sdk_changes_a_conversation_and_its_items(client):
    id = client.conversations.create().id
    assert client.conversations.update(id, metadata={"a": "b"}).metadata == {"a": "b"}
    added = client.conversations.items.create(
        id, items=[{"type": "message", "role": "user", "content": text} for text in "xyz"]
    )
    middle = added.data[1]
    assert client.conversations.items.retrieve(middle.id, conversation_id=id) == middle
    assert client.conversations.items.delete(middle.id, conversation_id=id).id == id
    rest = client.conversations.items.list(id, order="asc")
    assert [item.content[0].text for item in rest] == ["x", "z"]
    assert client.conversations.delete(id).deleted
    with pytest.raises(openai.NotFoundError):
        client.conversations.retrieve(id)
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model=MODEL, input="Sing.", conversation=id)


def test_items_may_be_named_instead_of_sent(client):
    first = client.responses.create(model=MODEL, input="Sing.")
    named = [{"type": "item_reference", "id": item.id} for item in first.output]
    sent = [item.to_dict() for item in first.output]
    last = {"role": "user", "content": "And on."}
    counts = [
        client.responses.input_tokens.count(model=MODEL, input=[*items, last]).input_tokens
        for items in (named, sent)
    ]
    assert counts[0] == counts[1] > 0
    with pytest.raises(openai.NotFoundError, match="msg_missing"):
        client.responses.create(
            model=MODEL, input=[{"type": "item_reference", "id": "msg_missing"}, last]
        )


def test_input_tokens_are_those_of_the_response(client):
    request = {"model": MODEL, "input": "Sing.", "instructions": "Rhyme."}
    count = client.responses.input_tokens.count(**request)
    assert count.input_tokens == client.responses.create(**request).usage.input_tokens


def test_responses_are_in_the_state_folder_unless_told_otherwise():
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        state = Path(folder) / "router.state"
        Router(Path(folder), "--store", "memory").stop()
        assert not state.exists()
        Router(Path(folder)).stop()
        file = state / "hocket" / "responses.sqlite"
        assert oct(file.stat().st_mode & 0o777) == "0o600"


class Acknowledgements:
    """What clients were told was kept, until the router was killed."""

    def __init__(self, router: Router, connect) -> None:
        self.objects: dict[str, dict] = {}
        self.queued: set[str] = set()
        self.enough = threading.Event()
        self._router = router
        self._connect = connect

    def collect(self, number: int) -> None:
        client = self._connect(self._router)
        try:
            (self._whole, self._streamed, self._background)[number % 3](client, number)
        except (openai.OpenAIError, OSError):
            return  # The router was killed before it said that it keeps this one.
        except Exception as error:
            if "RemoteProtocolError" not in type(error).__name__:
                raise
        if len(self.objects) >= ACKNOWLEDGED_BEFORE_KILL:
            self.enough.set()

    def _whole(self, client, number: int) -> None:
        response = client.responses.create(model=MODEL, input=f"Voice {number}.")
        self.objects[response.id] = response.to_dict()

    def _streamed(self, client, number: int) -> None:
        stream = client.responses.with_streaming_response.create(
            model=MODEL, input=f"Voice {number}.", stream=True
        )
        with stream as response:
            self._follow(parse(response.iter_lines(), is_cut=True))

    def _background(self, client, number: int) -> None:
        response = client.responses.create(
            model=MODEL, input=f"Voice {number}.", background=True, stream=number % 2 == 0
        )
        if number % 2:
            self.queued.add(response.id)
            return
        self._follow(event.to_dict() for event in response)

    def _follow(self, events: Iterator[Event]) -> None:
        """Reads a stream until it ends or the router is killed; as much as came is in order."""
        read: list[Event] = []
        try:
            for event in events:
                read.append(event)
                self._note(event)
        finally:
            Transcript(read, is_cut=True)

    def _note(self, event: Event) -> None:
        if event["type"] == "response.created" and event["response"]["background"]:
            self.queued.add(event["response"]["id"])
        if event["type"] == "response.completed":
            self.objects[event["response"]["id"]] = event["response"]


def test_a_killed_router_has_everything_that_it_acknowledged(doomed, connect, tell):
    doomed.simulated_worker(MODEL, "--tokens-per-second", "400")
    acknowledged = Acknowledgements(doomed, connect)
    with ThreadPoolExecutor(RESPONSES) as pool:
        calls = [pool.submit(acknowledged.collect, number) for number in range(RESPONSES)]
        assert acknowledged.enough.wait(60), f"only {len(acknowledged.objects)} were acknowledged"
        doomed.process.kill()
        for call in calls:
            call.result()
    again = Router(doomed.folder)
    try:
        missing, different, unfinished = [], [], []
        for id, told in acknowledged.objects.items():
            status, body = again.get(f"/v1/responses/{id}")
            if status != 200:
                missing.append(id)
            elif json.loads(body) != told:
                different.append(id)
        for id in acknowledged.queued:
            status, body = again.get(f"/v1/responses/{id}")
            if status != 200:
                missing.append(id)
            elif json.loads(body)["status"] not in ("completed", "failed"):
                unfinished.append(id)
        tell(
            f"killed while {RESPONSES} responses were written: "
            f"{len(acknowledged.objects)} complete and {len(acknowledged.queued)} queued "
            f"acknowledged; missing {len(missing)}, different {len(different)}, "
            f"unfinished {len(unfinished)}"
        )
        assert not missing and not different and not unfinished
    finally:
        assert again.process.stop() == 0
