"""What a client does wrong is a 4xx with the four-key error object, before any event."""

import contextlib
import http.client
import json

import openai
import pytest

from processes import MODEL

JSON = {"Content-Type": "application/json"}


def post(router, body: bytes) -> tuple[int, str, dict]:
    """Posts raw bytes and returns the status, the content type and the error of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=30)
    try:
        # The server need not read to the end what it refuses.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", "/v1/responses", body, JSON)
        response = connection.getresponse()
        answer = json.loads(response.read())
        return response.status, response.headers["content-type"], answer["error"]
    finally:
        connection.close()


def valid(**changes) -> dict:
    return {"model": MODEL, "input": "Sing."} | changes


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"model": None}, "model"),
        ({"model": 5}, "model"),
        ({"input": None}, "input"),
        ({"input": 5}, "input"),
        ({"input": [{"role": "user", "content": 7}]}, "input[0].content"),
        ({"input": [{"role": "singer", "content": "La."}]}, "input[0].role"),
        ({"instructions": ["no"]}, "instructions"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": 2.5}, "temperature"),
        ({"top_p": -1}, "top_p"),
        ({"max_output_tokens": 0}, "max_output_tokens"),
        ({"max_output_tokens": 1.5}, "max_output_tokens"),
        ({"metadata": {"tune": 1}}, "metadata"),
        ({"reasoning": {"effort": "heroic"}}, "reasoning.effort"),
        ({"tools": [{"type": "trumpet"}]}, "tools[0].type"),
        ({"tools": [{"type": "function"}]}, "tools[0].name"),
        ({"tool_choice": "maybe"}, "tool_choice"),
        ({"text": {"format": {"type": "json_schema"}}}, "text.format"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else None,
)
def test_a_wrong_parameter_is_named(shared_router, changes, param, stream):
    status, content_type, error = post(
        shared_router, json.dumps(valid(**changes) | {"stream": stream}).encode()
    )
    assert status == 400
    assert content_type.startswith("application/json")
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param or error["param"].startswith(f"{param}."), error
    assert error["message"]


@pytest.mark.parametrize("missing", ["model", "input"])
def test_a_missing_parameter_is_named(shared_router, missing):
    body = {name: value for name, value in valid().items() if name != missing}
    status, _, error = post(shared_router, json.dumps(body).encode())
    assert (status, error["param"]) == (400, missing)
    assert error["code"] == "missing_required_parameter"


def test_the_type_of_stream_is_checked(shared_router):
    status, _, error = post(shared_router, json.dumps(valid(stream="yes")).encode())
    assert (status, error["param"]) == (400, "stream")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"model": "a", }', b"\xff\xfe"])
def test_what_is_not_a_json_object_is_refused(shared_router, body):
    status, _, error = post(shared_router, body)
    assert (status, error["type"]) == (400, "invalid_request_error")
    assert set(error) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("stream", [False, True])
def test_an_unknown_model_is_not_found(client, stream):
    with pytest.raises(openai.NotFoundError) as caught:
        client.responses.create(model="gpt-oss-1t", input="Sing.", stream=stream)
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def test_a_body_over_the_limit_is_refused(shared_router):
    body = json.dumps(valid(input="la " * 6_000_000)).encode()
    status, _, error = post(shared_router, body)
    assert status == 413
    assert set(error) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("stream", [False, True])
def test_a_prompt_over_the_context_is_refused(client, stream):
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model=MODEL, input="la " * 200_000, stream=stream)
    assert (caught.value.code, caught.value.param) == ("context_length_exceeded", "input")


def test_an_unknown_path_is_not_found(shared_router):
    status, body = shared_router.get("/v1/nothing")
    assert status == 404
    assert set(json.loads(body)["error"]) == {"message", "type", "param", "code"}


def test_the_router_goes_on_after_all_of_this(client):
    assert client.responses.create(model=MODEL, input="Sing.").output_text
