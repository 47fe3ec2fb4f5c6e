"""Responses that are made while nobody waits: polled, followed, resumed, cancelled, outlived."""

import json
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from processes import MODEL, Router
from transcript import Transcript, check_response, parse, text_of

HERE = Path(__file__).parent
ENDLESS = "endless"
SECONDS_MAX = 20


def ask(client, model: str = MODEL, **more):
    return client.responses.create(model=model, input="Sing on.", background=True, **more)


def poll(client, id: str):
    deadline = time.monotonic() + SECONDS_MAX
    while (response := client.responses.retrieve(id)).status in ("queued", "in_progress"):
        assert time.monotonic() < deadline, f"it is still {response.status}"
        time.sleep(0.02)
    return response


def raw_events(client, **request):
    return client.responses.with_streaming_response.create(
        model=request.pop("model", MODEL), input="Sing on.", background=True, stream=True, **request
    )


def lines(router: Router, id: str, after: int | None = None) -> bytes:
    query = "" if after is None else f"&starting_after={after}"
    status, body = router.get(f"/v1/responses/{id}?stream=true{query}")
    assert status == 200, body
    return body


@pytest.fixture
def endless(router) -> Router:
    router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
    return router


@pytest.fixture
def hasty() -> Iterator[Router]:
    """A router that waits for its responses no longer than a second when it is stopped."""
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder), "--drain-timeout", "1")
        router.python_worker(HERE / "endless_worker.py", router.socket, ENDLESS)
        yield router
        router.stop()


def test_a_response_is_polled_until_it_is_complete(client):
    queued = ask(client)
    assert queued.status == "queued"
    assert queued.background is True
    assert queued.output == []
    response = poll(client, queued.id)
    assert response.status == "completed"
    assert response.output_text
    check_response(response.to_dict())


def test_a_stream_is_replayed_byte_for_byte_from_every_event(client, shared_router):
    with raw_events(client) as response:
        body = b"".join(response.iter_bytes())
    transcript = Transcript(parse(body.decode().split("\n")))
    assert transcript.types[1] == "response.queued"
    id = transcript.response["id"]
    assert lines(shared_router, id) == body
    events = body.split(b"\n\n")
    for number in range(len(transcript.events)):
        assert lines(shared_router, id, number) == b"\n\n".join(events[number + 1 :])


def test_the_sdk_resumes_a_stream(shared_router, connect):
    client = connect(shared_router)
    stream = ask(client, stream=True)
    seen = []
    for event in stream:
        seen.append(event)
        if len(seen) == 10:
            break
    stream.close()
    id = seen[0].response.id
    seen += client.responses.retrieve(id, stream=True, starting_after=seen[-1].sequence_number)
    transcript = Transcript(event.to_dict() for event in seen)
    assert transcript.response["status"] == "completed"
    assert transcript.response == client.responses.retrieve(id).to_dict()


def test_a_response_goes_on_when_its_client_leaves_and_is_cancelled_once(endless, connect):
    client = connect(endless)
    with raw_events(client, model=ENDLESS) as response:
        id = next(parse(response.iter_lines()))["response"]["id"]
    with client.responses.with_streaming_response.retrieve(id, stream=True) as response:
        events = parse(response.iter_lines())
        head = [next(events) for _ in range(30)]
        Transcript(head, is_cut=True)
        cancelled = client.responses.cancel(id)
        transcript = Transcript([*head, *events])
    assert cancelled.status == "cancelled"
    assert transcript.types[-1] == "response.failed"
    assert transcript.response == cancelled.to_dict() == client.responses.retrieve(id).to_dict()
    assert client.responses.cancel(id).to_dict() == cancelled.to_dict()
    assert " la la" in text_of(transcript.response["output"][-1])


def test_a_response_that_is_waited_for_is_neither_cancelled_nor_followed(client):
    response = client.responses.create(model=MODEL, input="Sing on.")
    with pytest.raises(openai.BadRequestError):
        client.responses.cancel(response.id)
    with pytest.raises(openai.BadRequestError) as refusal:
        client.responses.retrieve(response.id, stream=True)
    assert refusal.value.param == "stream"
    with pytest.raises(openai.BadRequestError):
        ask(client, store=False)


def test_a_killed_router_ends_its_responses_when_it_starts_again(doomed, connect):
    doomed.python_worker(HERE / "endless_worker.py", doomed.socket, ENDLESS)
    with raw_events(connect(doomed), model=ENDLESS) as response:
        source = parse(response.iter_lines())
        seen = [next(source) for _ in range(40)]
        doomed.process.kill()
    again = Router(doomed.folder)
    try:
        id = seen[0]["response"]["id"]
        last = seen[-1]["sequence_number"]
        rest = list(parse(lines(again, id, last).decode().split("\n")))
        events = [*seen, *rest]
        transcript = Transcript(events)
        assert transcript.types[-1] == "response.failed"
        final = transcript.response
        assert final["status"] == "failed"
        (item,) = final["output"]
        assert item["status"] == "incomplete"
        deltas = [event["delta"] for event in events if event["type"].endswith(".delta")]
        assert text_of(item) == "".join(deltas)
        assert json.loads(again.get(f"/v1/responses/{id}")[1]) == final
    finally:
        assert again.process.stop() == 0


def test_a_stopped_router_tells_followers_how_their_responses_ended(hasty, connect):
    with raw_events(connect(hasty), model=ENDLESS) as response:
        source = parse(response.iter_lines())
        seen = [next(source) for _ in range(10)]
        hasty.process.signal(signal.SIGTERM)
        transcript = Transcript([*seen, *source])
    assert transcript.types[-1] == "response.failed"
    assert "shut down" in transcript.response["error"]["message"]
