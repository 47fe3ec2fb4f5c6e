"""The page of parameters says what becomes of each; what becomes of each is what the page says."""

import http.client
import json
import re
import tempfile
from pathlib import Path

import pytest

import recording_worker
import test_special_parameters
from parameter_probes import CHAT, NOTHING, RESPONSES, SHOWN_BY, SPECIAL, Probe
from processes import MODEL, ROOT, Router

PAGE = ROOT / "Sources" / "OpenAIAPI" / "Documentation.docc" / "Parameters.md"
RECORDED = "recorded-gpt-oss"


def rows(section: str) -> dict[str, set[str]]:
    """The page's table for an API: each parameter's words."""
    text = PAGE.read_text().split(f"### {section}\n")[1].split("\n### ")[0]
    table = {}
    for names, words in re.findall(r"^\| (`.*?`) \| (.*?) \|", text, re.MULTILINE):
        for name in re.findall(r"`(.*?)`", names):
            table[name] = set(words.split(", "))
    return table


class API:
    def __init__(self, path: str, section: str, probes: dict[str, Probe], request: dict) -> None:
        self.path = path
        self.rows = rows(section)
        self.probes = probes
        self.request = request

    def post(self, router: Router, **members) -> tuple[int, dict]:
        connection = http.client.HTTPConnection("127.0.0.1", router.port, timeout=30)
        body = {"model": MODEL, "temperature": 0} | self.request | members
        try:
            connection.request("POST", self.path, json.dumps(body).encode())
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()


APIS = {
    "responses": API("/v1/responses", "Responses", RESPONSES, {"input": "Sing."}),
    "chat": API(
        "/v1/chat/completions",
        "Chat completions",
        CHAT,
        {"messages": [{"role": "user", "content": "Sing."}]},
    ),
}
EACH = pytest.mark.parametrize(
    ("api", "name"),
    [
        pytest.param(api, name, id=f"{label}-{name}")
        for label, api in APIS.items()
        for name in api.probes
    ],
)


def nested(name: str, value) -> dict:
    outer, _, inner = name.partition(".")
    return {outer: {inner: value} if inner else value}


def told(answer: dict, name: str):
    for part in name.split("."):
        answer = answer[part]
    return answer


@pytest.fixture(scope="module")
def recorder():
    """A router whose worker writes down how it is asked to sample."""
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        router = Router(Path(folder))
        worker = router.python_worker(
            Path(__file__).with_name("recording_worker.py"), router.socket, RECORDED
        )
        yield router, worker
        router.stop()


@pytest.mark.parametrize("api", APIS.values(), ids=APIS)
def test_the_page_has_the_parameters_that_are_probed(api):
    assert set(api.rows) - set(SPECIAL) == set(api.probes) - set(SPECIAL)
    assert all(words <= set(SHOWN_BY) and words for words in api.rows.values())


@EACH
def test_what_is_echoed_is_in_the_answer(shared_router, api, name):
    probe = api.probes[name]
    status, answer = api.post(
        shared_router, **(probe.beside or {}), **nested(name, probe.value)
    )
    assert status == 200, answer
    expected = probe.value if probe.echo is NOTHING else probe.echo
    try:
        echo = told(answer, name)
    except (KeyError, TypeError):
        echo = NOTHING
    assert told_alike(echo, expected) == ("echoed" in api.rows[name])


def told_alike(echo, expected) -> bool:
    """An echo may hold more members than were sent, filled with what stands for nothing."""
    if isinstance(echo, dict) and isinstance(expected, dict):
        return all(told_alike(echo.get(name), value) for name, value in expected.items())
    if isinstance(echo, list) and isinstance(expected, list):
        return len(echo) == len(expected) and all(map(told_alike, echo, expected))
    return echo == expected


@EACH
def test_what_is_handed_on_reaches_the_worker(recorder, api, name):
    router, worker = recorder
    probe = api.probes[name]
    value = RECORDED if name == "model" else probe.value
    beside = {"temperature": None, "model": RECORDED} | (probe.beside or {})
    api.post(router, **beside | nested(name, value))
    last = worker.output.split(recording_worker.MARK)[-1].splitlines()[0]
    assert (probe.handed is not None) == ("handed on" in api.rows[name])
    if probe.handed:
        at_worker, expected = probe.handed
        assert json.loads(last)[at_worker] == expected


@EACH
def test_what_is_honoured_changes_the_answer(shared_router, api, name):
    probe = api.probes[name]
    if probe.honoured is None:
        assert "honoured" not in api.rows[name] or name == "model" or name in SPECIAL
        return
    assert "honoured" in api.rows[name]
    beside = probe.beside or {}
    _, answer = api.post(shared_router, **beside | nested(name, probe.value))
    _, plain = api.post(shared_router, **beside)
    assert probe.honoured(answer, plain)


@EACH
def test_what_is_wrong_is_refused_by_name(shared_router, api, name):
    probe = api.probes[name]
    assert (probe.refused is not NOTHING) == ("refused" in api.rows[name])
    if probe.refused is NOTHING:
        return
    members = (probe.beside or {}) | nested(name, probe.refused)
    status, answer = api.post(shared_router, **members)
    assert status in (400, 404), answer
    # The name, or a part of the value.
    assert re.match(rf"{re.escape(name)}($|[.\[])", answer["error"]["param"]), answer


@pytest.mark.parametrize("api", APIS.values(), ids=APIS)
def test_unknown_parameters_and_nulls_are_ignored(shared_router, api):
    nulls = {name: None for name in api.probes if "." not in name} | api.request
    status, answer = api.post(shared_router, **nulls | {"surprise": 1, "model": MODEL})
    assert status == 200, answer


def shown_by(name: str, words: set[str], label: str) -> dict[str, str]:
    """For each word of a parameter the test that shows it."""
    if name in SPECIAL:
        return dict.fromkeys(words, f"test_special_parameters.py::{SPECIAL[name]}")
    return {word: f"test_parameters.py::{SHOWN_BY[word]}[{label}-{name}]" for word in words}


def page_tests() -> dict[str, str]:
    """What the page says shows a word or a parameter."""
    text = PAGE.read_text().split("### Shown by\n")[1]
    return dict(re.findall(r"^\| `?(.*?)`? \| `(test_.*?)` \|", text, re.MULTILINE))


def test_the_page_names_the_tests_that_show_it():
    assert page_tests() == SHOWN_BY | SPECIAL
    for name in SHOWN_BY.values():
        assert callable(globals()[name])
    for name in SPECIAL.values():
        assert callable(getattr(test_special_parameters, name))
