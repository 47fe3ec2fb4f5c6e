"""Tool servers built with the official SDK, and models that call their tools."""

import json
import subprocess
import tempfile
from pathlib import Path

from processes import ROOT, Process, Router, binary

HERE = Path(__file__).parent
MODEL = "rounds"
SERVER = ROOT / "Tests" / "HocketMCPTests" / "Servers" / "tool_server.py"
PYTHON = ROOT / ".venv-mcp" / "bin" / "python"


def call(name: str, **arguments) -> str:
    text = json.dumps(arguments)
    return (
        f"<|channel|>commentary to=functions.{name} <|constrain|>json<|message|>{text}<|call|>"
    )


def answer(text: str) -> str:
    return f"<|channel|>final<|message|>{text}<|return|>"


def tokens_of(text: str) -> list[int]:
    request = json.dumps({"text": text, "allowed": "all"})
    result = subprocess.run(
        [binary(), "harmony", "encode"], input=request, capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout)["tokens"]


class ToolServer:
    """One server over HTTP, on a port of its own."""

    def __init__(self, folder: Path, name: str = "one") -> None:
        self.name = name
        log = folder / f"server-{name}-{len(list(folder.glob('server-*')))}.log"
        self.process = Process(PYTHON, SERVER, "http", "--name", name, log=log)
        self.process.wait_until(lambda: "\n" in self.process.output, "listening")
        self.url = f"http://127.0.0.1:{int(self.process.output.splitlines()[0])}/mcp"

    def tool(self, **members) -> dict:
        tool = {"type": "mcp", "server_label": self.name, "server_url": self.url}
        return tool | {"require_approval": "never"} | members


class ToolBench:
    """A router that may ask servers on this machine, a scripted model, and tool servers."""

    def __init__(self, config: dict | None = None, options: tuple[str, ...] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hocket-")
        self.folder = Path(self._folder.name)
        self._servers: list[ToolServer] = []
        file = self.folder / "mcp.json"
        local = {"requestURLs": {"networks": ["127.0.0.0/8"]}}
        file.write_text(json.dumps(local if config is None else config))
        self._options = ("--mcp-config", str(file), *options)
        self.router = Router(self.folder, *self._options)

    def server(self, name: str = "one") -> ToolServer:
        self._servers.append(ToolServer(self.folder, name))
        return self._servers[-1]

    def model(self, *rounds: str, gate: tuple[int, Path] | None = None) -> Process:
        """Starts a model that says one round after the other; the round of a gate only when its
        file is there."""
        script = self.folder / f"script-{len(list(self.folder.glob('script-*')))}.json"
        script.write_text(json.dumps([tokens_of(text) for text in rounds]))
        worker = HERE / "round_worker.py"
        options = [str(gate[0]), gate[1]] if gate else []
        return self.router.python_worker(worker, self.router.socket, MODEL, script, *options)

    def restart_router(self, is_killed: bool = False) -> None:
        """Another router with the same files; its models are started again."""
        if is_killed:
            self.router.kill()
        else:
            self.router.stop()
        self.router = Router(self.folder, *self._options)

    def stop(self) -> None:
        for server in self._servers:
            server.process.kill()
        self.router.stop()
        self._folder.cleanup()
