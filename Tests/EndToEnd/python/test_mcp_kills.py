"""Tool servers that are killed, at every stage of their use, over HTTP and on standard input."""

import sys
import threading
from pathlib import Path

import pytest

from processes import Process
from tool_servers import MODEL, ToolBench, answer, call
from transcript import Transcript, parse

SERVER = Path(__file__).with_name("mortal_server.py")


# What becomes of the list of tools, and of two calls in two rounds.
UNLISTED = "not listed"
NONE = "listed, failed, failed"
FIRST = "listed, answered, failed"
SECOND = "listed, failed, answered"
BOTH = "listed, answered, answered"

# A program that the operator configured is started again by the router, when it is needed.
TABLE = {
    ("http", "stays dead"): {
        "opening": UNLISTED, "listing": UNLISTED, "before the call": NONE,
        "during the call": NONE, "in mid-answer": NONE, "between rounds": FIRST,
    },
    ("http", "is restarted"): {
        "opening": UNLISTED, "listing": UNLISTED, "before the call": BOTH,
        "during the call": SECOND, "in mid-answer": SECOND, "between rounds": BOTH,
    },
    ("stdio", "dies each time"): {
        "opening": UNLISTED, "listing": UNLISTED, "before the call": BOTH,
        "during the call": NONE, "in mid-answer": NONE, "between rounds": BOTH,
    },
    ("stdio", "is restarted"): {
        "opening": UNLISTED, "listing": UNLISTED, "before the call": BOTH,
        "during the call": SECOND, "in mid-answer": SECOND, "between rounds": BOTH,
    },
}  # fmt: skip
CELLS = [
    pytest.param(transport, then, stage, expected, id=f"{transport}, {stage}, {then}")
    for (transport, then), stages in TABLE.items()
    for stage, expected in stages.items()
]


# The round that the model begins only when the server is dead: else it might still be asked.
ROUNDS_AFTER_DEATH = {"before the call": 0, "between rounds": 1}


class Mortal:
    """A router, a model that calls `whoami` twice, and the server that dies."""

    def __init__(self, transport: str, stage: str, is_restarted: bool, folder: Path) -> None:
        self._mark = folder / "mark"
        self._gate = folder / "gate"
        mark = ["--mark", str(self._mark)] if is_restarted else []
        command = [str(SERVER), transport, stage, *mark]
        self._server = None
        self.tool = {"type": "mcp", "server_label": "mortal", "require_approval": "never"}
        config = {"requestURLs": {"networks": ["127.0.0.0/8"]}}
        if transport == "http":
            self._server = Process(sys.executable, *command, log=folder / "server.log")
            self._server.wait_until(lambda: "\n" in self._server.output, "listening")
            port = int(self._server.output.splitlines()[0])
            self.tool["server_url"] = f"http://127.0.0.1:{port}/mcp"
        else:
            config["mcpServers"] = {"mortal": {"command": sys.executable, "args": command}}
        self.bench = ToolBench(config)

    def start_model(self, stage: str, rounds: list[str]) -> None:
        round = ROUNDS_AFTER_DEATH.get(stage)
        if round is None:
            self.bench.model(*rounds)
            return
        self.bench.model(*rounds, gate=(round, self._gate))
        threading.Thread(target=self._open_gate).start()

    def _open_gate(self) -> None:
        router = self.bench.router.process
        if self._server is None:
            router.wait_until(lambda: "tool server ended" in router.output, "rid of the program")
        else:
            server = self._server
            router.wait_until(lambda: self._mark.exists() or not server.is_running, "told")
        self._gate.touch()

    def stop(self) -> None:
        self.bench.stop()
        if self._server:
            self._server.kill()


@pytest.fixture
def mortal(transport, then, stage, tmp_path):
    mortal = Mortal(transport, stage, then == "is restarted", tmp_path)
    yield mortal
    mortal.stop()


def fate(item: dict) -> str | None:
    """What became of one item, if a server had to do with it."""
    if item["type"] == "mcp_list_tools":
        return UNLISTED if item.get("error") else "listed"
    if item["type"] == "mcp_call":
        assert item["output"] == "mortal" or item["error"]["message"]
        return {"completed": "answered", "failed": "failed"}[item["status"]]
    return None


@pytest.mark.parametrize(("transport", "then", "stage", "expected"), CELLS)
def test_a_killed_server_costs_no_more_than_its_calls(
    mortal, connect, tell, transport, then, stage, expected
):
    calls = [call("whoami"), call("whoami"), answer("The end.")]
    rounds = calls if expected != UNLISTED else [answer("There is nobody.")]
    mortal.start_model(stage, rounds)
    with connect(mortal.bench.router).responses.with_streaming_response.create(
        model=MODEL, input="Who is there?", tools=[mortal.tool], stream=True
    ) as response:
        # Exactly one terminal event, and every item closed.
        transcript = Transcript(parse(response.iter_lines()))
    items = transcript.response["output"]
    fates = ", ".join(filter(None, map(fate, items)))
    tell(f"{transport:6} killed {stage:16} and {then:15} {fates:27} {transcript.types[-1]}")
    assert fates == expected
    assert transcript.types[-1] == "response.completed"
    assert items[-1]["type"] == "message"
