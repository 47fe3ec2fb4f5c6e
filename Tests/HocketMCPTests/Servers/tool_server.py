"""A tool server built with the official SDK, of either generation.

    tool_server.py stdio
    tool_server.py http [--json] [--stateless] [--name NAME]
    tool_server.py sse [--name NAME]

Over HTTP, and over the older HTTP+SSE, it prints the port it listens on as its first line.
"""

import argparse
import asyncio
import base64
import os
import socket
import sys

try:
    from mcp.server.mcpserver import Context, Image, MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

    IS_NEW = True
except ImportError:
    from mcp.server.fastmcp import Context, FastMCP as MCPServer, Image
    from mcp.server.fastmcp.exceptions import ToolError

    IS_NEW = False


def add_tools(server, name):
    @server.tool()
    def echo(text: str) -> str:
        """Answers with the text."""
        return text

    @server.tool()
    def add(a: int, b: int) -> dict[str, int]:
        """Adds two numbers."""
        return {"sum": a + b}

    @server.tool()
    def fail(why: str) -> str:
        """Fails."""
        raise ToolError(why)

    @server.tool()
    async def slow(seconds: float, mark: str = "") -> str:
        """Takes its time; writes to a file when it is cancelled."""
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            if mark:
                with open(mark, "w") as file:
                    file.write("cancelled")
            raise
        return "done"

    @server.tool()
    def huge(megabytes: int) -> str:
        """Answers with a very long text."""
        return "first " + "x" * (megabytes << 20) + " last"

    @server.tool()
    def picture() -> Image:
        """Answers with a picture of one pixel."""
        pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        return Image(data=base64.b64decode(pixel), format="png")

    @server.tool()
    async def progress(steps: int, context: Context) -> str:
        """Reports progress."""
        for step in range(steps):
            await context.report_progress(step + 1, steps, f"step {step + 1}")
        return f"{steps} steps"

    @server.tool()
    def die() -> str:
        """Ends the server."""
        os._exit(9)

    @server.tool()
    def whoami() -> str:
        """Answers with the server's name."""
        return name

    @server.tool()
    def search(query: str) -> str:
        """Searches."""
        return f"{name} found {query}"

    @server.tool()
    def environment() -> str:
        """Answers with the names of the environment's variables."""
        return " ".join(sorted(os.environ))


def serve_http(server, options):
    import uvicorn

    if options.transport == "sse":
        app = server.sse_app()
    elif IS_NEW:
        app = server.streamable_http_app(
            json_response=options.json, stateless_http=options.stateless
        )
    else:
        server.settings.json_response = options.json
        server.settings.stateless_http = options.stateless
        app = server.streamable_http_app()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=0)
    uvicorn.Server(config).run(sockets=[listener])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("transport", choices=["stdio", "http", "sse"])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--stateless", action="store_true")
    parser.add_argument("--name", default="one")
    options = parser.parse_args()
    server = MCPServer(options.name)
    add_tools(server, options.name)
    if options.transport == "stdio":
        print("a tool server starts", file=sys.stderr, flush=True)
        server.run("stdio")
    else:
        serve_http(server, options)


main()
