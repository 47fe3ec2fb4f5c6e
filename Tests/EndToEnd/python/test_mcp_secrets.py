"""Secrets of a request's tools: they go to their own server, and nowhere else."""

import json
import subprocess
import urllib.request
from pathlib import Path

import openai
import pytest

from processes import ROOT, Process, binary
from tool_servers import MODEL, ToolBench, answer, call
from transcript import Transcript, parse

RECORDING_SERVER = ROOT / "Tests" / "HocketMCPTests" / "Servers" / "hostile_server.py"
CLIENTS_KEY = "the-key-of-the-client"
TOOL_SECRETS = ("the-token-of-the-tool", "the-header-of-the-tool", "the-query-of-the-tool")


class RecordingServer:
    """A server that answers every call, and tells afterwards all that it was sent."""

    def __init__(self, folder: Path) -> None:
        log = folder / f"recording-{len(list(folder.glob('recording-*')))}.log"
        # It ends with its standard input.
        self.process = Process("python3", RECORDING_SERVER, log=log, stdin=subprocess.PIPE)
        self.process.wait_until(lambda: "\n" in self.process.output, "listening")
        self._url = f"http://127.0.0.1:{int(self.process.output.splitlines()[0])}"
        # The path of its tool that answers `mine`, with a secret behind it.
        self.url = f"{self._url}/mirrored?key={TOOL_SECRETS[2]}"

    def seen(self) -> list[dict]:
        with urllib.request.urlopen(f"{self._url}/seen", timeout=20) as response:
            return [entry for entry in json.load(response) if "headers" in entry]


@pytest.fixture
def bench(tmp_path):
    keys = tmp_path / "keys"
    keys.write_text(f"{CLIENTS_KEY}\n")
    keys.chmod(0o600)
    bench = ToolBench(
        options=(
            "--api-keys", str(keys), "--log-level", "trace", "--inspect-content",
            "--store", str(tmp_path / "responses.sqlite"),
        )
    )  # fmt: skip
    yield bench
    bench.stop()


@pytest.fixture
def servers(tmp_path):
    servers = [RecordingServer(tmp_path) for _ in range(2)]
    yield servers
    for server in servers:
        server.process.kill()


def test_secrets_of_a_tool_go_to_its_server_only(bench, servers, tmp_path):
    tap = Process(
        binary(), "tap", "--json", "--socket", bench.folder / "inspect.sock",
        log=tmp_path / "tap.log",
    )  # fmt: skip
    one, two = servers
    bench.model(call("one__t", region="wöst"), call("two__t", region="wöst"), answer("Both."))
    tools = [
        {
            "type": "mcp", "server_label": "one", "server_url": one.url,
            "require_approval": "never", "authorization": TOOL_SECRETS[0],
            "headers": {"X-Secret": TOOL_SECRETS[1]},
        },
        {
            "type": "mcp", "server_label": "two", "server_url": two.url.partition("?")[0],
            "require_approval": "never",
        },
    ]  # fmt: skip
    client = openai.OpenAI(
        base_url=bench.router.url, api_key=CLIENTS_KEY, max_retries=0, timeout=60
    )
    with client.responses.with_streaming_response.create(
        model=MODEL, input="Do it.", tools=tools, stream=True
    ) as response:
        body = response.read().decode()
    transcript = Transcript(parse(body.split("\n")))
    calls = [item for item in transcript.response["output"] if item["type"] == "mcp_call"]
    assert [item["output"] for item in calls] == ["mirrored", "mirrored"]
    tap.wait_until(lambda: tap.output.count("FINISH") >= 3, "told of every round")
    stored = client.responses.retrieve(transcript.response["id"]).to_json()

    assert one.seen() and two.seen()
    for request in one.seen():
        assert request["headers"]["authorization"] == f"Bearer {TOOL_SECRETS[0]}"
        assert request["headers"]["x-secret"] == TOOL_SECRETS[1]
        assert TOOL_SECRETS[2] in request["path"]
    everything = json.dumps([one.seen(), two.seen()])
    assert CLIENTS_KEY not in everything
    told_to_two = json.dumps(two.seen())
    tap.kill()
    bench.router.stop()
    files = b"".join(path.read_bytes() for path in tmp_path.glob("responses.sqlite*"))
    assert transcript.response["id"].encode() in files
    places = {
        "the other server": told_to_two,
        "the stream": body,
        "the stored response": stored,
        "the log": bench.router.process.output,
        "the tap": tap.output,
        "the store's files": files.decode(errors="replace"),
    }
    for place, text in places.items():
        for secret in (*TOOL_SECRETS, CLIENTS_KEY):
            assert secret not in text, f"{place} has {secret}"
