"""Workers that die and clients that go away, in the middle of an answer."""

import json
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest

from transcript import Transcript, parse, text_of

HERE = Path(__file__).parent
MODEL = "endless"
SECONDS_MAX = 10


@pytest.fixture
def worker(router):
    return router.python_worker(HERE / "endless_worker.py", router.socket, MODEL)


def stream_raw(client, model: str = MODEL):
    return client.responses.with_streaming_response.create(
        model=model, input="Sing on.", stream=True
    )


def test_a_worker_that_is_killed_fails_the_response(router, connect, worker):
    with stream_raw(connect(router)) as response:
        events = []
        for event in parse(response.iter_lines()):
            events.append(event)
            if len(events) == 20:
                worker.kill()
    transcript = Transcript(events)
    assert transcript.types[-1] == "response.failed"
    assert transcript.response["error"]["code"] == "server_error"
    (message,) = transcript.response["output"]
    assert message["status"] == "incomplete"
    assert " la la" in text_of(message)


def test_a_simulated_worker_that_dies_fails_the_response(router, connect):
    router.simulated_worker("mortal", "--fault", "die:10")
    with stream_raw(connect(router), "mortal") as response:
        transcript = Transcript(parse(response.iter_lines()))
    assert transcript.types[-1] == "response.failed"


def test_a_worker_that_is_killed_fails_an_unstreamed_response(router, connect, worker):
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(connect(router).responses.create, model=MODEL, input="Sing on.")
        worker.wait_until(lambda: "started" in worker.output, "asked")
        worker.kill()
        try:
            assert call.result(SECONDS_MAX).status == "failed"
        except openai.APIStatusError as error:
            assert error.status_code in (502, 503)


def test_the_model_is_gone_with_its_worker_and_back_with_the_next(router, connect, worker):
    worker.kill()
    router.wait_until_not_ready()
    with pytest.raises((openai.NotFoundError, openai.InternalServerError)):
        connect(router).responses.create(model=MODEL, input="Sing on.")
    router.simulated_worker(MODEL)
    assert connect(router).responses.create(model=MODEL, input="Sing on.").output_text


def test_a_model_whose_worker_left_is_unavailable_and_not_unknown(router, connect, worker):
    router.simulated_worker("other")
    client = connect(router)
    worker.kill()

    def models() -> list[str]:
        return [model.id for model in client.models.list()]

    router.process.wait_until(lambda: models() == ["other"], "without the model")
    with pytest.raises(openai.InternalServerError) as refusal:
        client.responses.create(model=MODEL, input="Sing on.")
    assert refusal.value.status_code == 503
    assert refusal.value.response.headers["retry-after"] == "1"
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="never served", input="Sing on.")


def test_a_client_that_goes_away_cancels(router, connect, worker):
    with stream_raw(connect(router)) as response:
        # Whoever lets go of the events closes the connection.
        events = parse(response.iter_lines())
        Transcript([next(events)], is_cut=True)
        worker.wait_until(lambda: "started" in worker.output, "asked", SECONDS_MAX)
    gone = time.monotonic()
    worker.wait_until(lambda: "cancelled after" in worker.output, "cancelled", SECONDS_MAX)
    assert time.monotonic() - gone < 2
    assert worker.is_running


def test_a_client_that_waits_for_a_whole_response_and_goes_away_cancels(router, connect, worker):
    impatient = connect(router).with_options(timeout=1)
    with pytest.raises(openai.APITimeoutError):
        impatient.responses.create(model=MODEL, input="Sing on.")
    worker.wait_until(lambda: "cancelled after" in worker.output, "cancelled", SECONDS_MAX)


def test_one_client_that_goes_away_leaves_the_others(router, connect, worker):
    with stream_raw(connect(router)) as staying:
        events = parse(staying.iter_lines())
        with stream_raw(connect(router)) as leaving:
            missed = parse(leaving.iter_lines())
            next(missed)
            worker.wait_until(lambda: worker.output.count("started") == 2, "asked", SECONDS_MAX)
        worker.wait_until(lambda: "cancelled after" in worker.output, "cancelled", SECONDS_MAX)
        Transcript([next(events) for _ in range(50)], is_cut=True)


def test_clients_that_vanish_without_a_word_cost_only_their_responses(router, worker):
    """Writes to them then fail at once, with bytes of theirs still unread."""
    body = json.dumps({"model": MODEL, "input": "Sing on.", "stream": True})
    head = f"POST /v1/responses HTTP/1.1\r\nHost: hocket\r\nContent-Length: {len(body)}\r\n\r\n"
    for number in range(200):
        with socket.create_connection(("127.0.0.1", router.port), SECONDS_MAX) as client:
            # Closing resets the connection.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall((head + body).encode())
            if number % 2:
                client.recv(1)
            client.sendall(b"GET /healthz HTTP/1.1\r\n" * (number % 5))

    def all_are_over() -> bool:
        # Of most, the worker never hears: their clients are gone before it is asked.
        output = worker.output
        answers = "hocket_http_answers 0.0" in router.get("/metrics")[1].decode().splitlines()
        return answers and output.count("started") == output.count("cancelled")

    worker.wait_until(all_are_over, "free again", SECONDS_MAX)
    assert router.answers("/readyz", 200)


def test_a_router_that_is_asked_to_stop_ends_although_a_stream_is_open(router, connect, worker):
    with stream_raw(connect(router)) as response:
        next(parse(response.iter_lines()))
    assert router.process.stop() == 0
