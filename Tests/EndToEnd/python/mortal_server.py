"""A tool server with one tool, `whoami`, that kills itself with SIGKILL at a stage of its life.

    mortal_server.py stdio STAGE [--mark FILE]
    mortal_server.py http STAGE [--mark FILE]

Over HTTP it prints the port it listens on as its first line. With a mark it dies only while that
file is not there, and makes it; over HTTP another one then takes its place at the port. Without
one it dies each time, and over HTTP stays dead.

Only Python's own library is used: no SDK dies on demand.
"""

import argparse
import json
import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

STAGES = {
    "opening": ("initialize", "before"),
    "listing": ("tools/list", "before"),
    "before the call": ("tools/list", "after"),
    "during the call": ("tools/call", "before"),
    "in mid-answer": ("tools/call", "within"),
    "between rounds": ("tools/call", "after"),
}
TOOL = {"name": "whoami", "inputSchema": {"type": "object", "properties": {}}}
RESULTS = {
    "initialize": {
        "protocolVersion": "2025-06-18",
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "mortal", "version": "1"},
    },
    "tools/list": {"tools": [TOOL]},
    "tools/call": {"content": [{"type": "text", "text": "mortal"}]},
}


class Life:
    """When it ends."""

    def __init__(self, stage: str, mark: Path | None) -> None:
        self._method, self._moment = STAGES[stage]
        self._mark = mark

    @property
    def is_followed_by_another(self) -> bool:
        return self._mark is not None

    def dies(self, method: str, moment: str) -> bool:
        is_spared = self._mark is not None and self._mark.exists()
        return (method, moment) == (self._method, self._moment) and not is_spared

    def end_if(self, method: str, moment: str) -> None:
        if not self.dies(method, moment):
            return
        if self._mark is not None:
            self._mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def answer(request: dict) -> bytes:
    message = {"jsonrpc": "2.0", "id": request["id"]}
    if request["method"] in RESULTS:
        message["result"] = RESULTS[request["method"]]
    else:
        message["error"] = {"code": -32601, "message": "there is no such method"}
    return json.dumps(message).encode()


def send(life: Life, method: str, body: bytes, write) -> None:
    if life.dies(method, "within"):
        write(body[: len(body) // 2])
        life.end_if(method, "within")
    write(body)
    life.end_if(method, "after")


def serve_stdio(life: Life) -> None:
    def write(data: bytes) -> None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    for line in sys.stdin.buffer:
        request = json.loads(line)
        if "id" in request:
            life.end_if(request["method"], "before")
            send(life, request["method"], answer(request) + b"\n", write)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    life: Life

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "id" not in request:
            return self._head(202, b"")
        self.life.end_if(request["method"], "before")
        # A session lives and dies with its process.
        session = str(os.getpid())
        is_known = self.headers.get("mcp-session-id", session) == session
        body = answer(request) if is_known else b""
        is_there = request["method"] in RESULTS
        self._head(200 if is_known and is_there else 404 if is_there else 400, body, session)
        send(self.life, request["method"], body, self._write)

    def do_GET(self) -> None:
        self._head(405, b"")

    def do_DELETE(self) -> None:
        self._head(200, b"")

    def _head(self, status: int, body: bytes, session: str | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        if session:
            self.send_header("mcp-session-id", session)
        self.end_headers()
        self.wfile.flush()

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *arguments) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, listener: socket.socket) -> None:
        super().__init__(listener.getsockname(), Handler, bind_and_activate=False)
        self.socket = listener


def serve_http(life: Life) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(listener.getsockname()[1], flush=True)
    Handler.life = life
    while life.is_followed_by_another:
        process_id = os.fork()
        if process_id == 0:
            threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
            break
        os.waitpid(process_id, 0)
    Server(listener).serve_forever()


def end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.1)
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("transport", choices=["stdio", "http"])
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--mark", type=Path)
    options = parser.parse_args()
    life = Life(options.stage, options.mark)
    serve_stdio(life) if options.transport == "stdio" else serve_http(life)
