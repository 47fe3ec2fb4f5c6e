"""A server built with the official SDK that stands in for the tools models were trained with.

    built_in_server.py

It speaks over standard input and output. `python` really runs its code; `search`, `open` and `find`
know two pages, and show them as gpt-oss's own browser does.
"""

import ast
import contextlib
import io
import os
import time
import traceback

try:
    from mcp.server.mcpserver import MCPServer
except ImportError:
    from mcp.server.fastmcp import FastMCP as MCPServer

server = MCPServer("built-in")

PAGES = {
    "https://tides.example/moon": ("Tides", ["The moon pulls the sea.", "So there are tides."]),
    "https://tides.example/sun": ("Springs", ["The sun pulls as well.", "It is weaker."]),
}
# What was shown, by its cursor: the URL, and the URLs of its links.
shown: list[tuple[str, list[str]]] = []


def display(title: str, url: str, links: list[str], lines: list[str]) -> str:
    shown.append((url, links))
    place = f" ({url})" if url else ""
    last = len(lines) - 1
    head = f"[{len(shown) - 1}] {title}{place}\n**viewing lines [0 - {last}] of {last}**\n\n"
    return head + "\n".join(f"L{number}: {line}" for number, line in enumerate(lines))


@server.tool()
def python(code: str) -> str:
    """Runs code and answers with what it printed, and with the value of its last line."""
    if code == "die":
        os._exit(9)
    if code.startswith("sleep"):
        time.sleep(float(code.split()[1]))
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            tree = ast.parse(code)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            names: dict = {}
            exec(compile(tree, "code", "exec"), names)
            if last:
                value = eval(compile(ast.Expression(last.value), "code", "eval"), names)
                if value is not None:
                    print(repr(value))
        except Exception:
            print(traceback.format_exc(limit=0), end="")
    return output.getvalue()


@server.tool()
def search(query: str, topn: int = 10, source: str | None = None) -> str:
    """Searches the pages."""
    found = [url for url, (_, lines) in PAGES.items() if query in " ".join(lines)][:topn]
    links = [f"【{number}†{PAGES[url][0]}†tides.example】 {url}" for number, url in enumerate(found)]
    return display(query, "", found, links or ["Nothing was found."])


@server.tool()
def open(
    id: int | str = -1,
    cursor: int = -1,
    loc: int = -1,
    num_lines: int = -1,
    view_source: bool = False,
    source: str | None = None,
) -> str:
    """Opens a page."""
    url = id if isinstance(id, str) else shown[cursor][1][id]
    title, lines = PAGES[url]
    return display(title, url, [], lines)


@server.tool()
def find(pattern: str, cursor: int = -1) -> str:
    """Finds a text in a page."""
    url = shown[cursor][0]
    title, lines = PAGES[url]
    found = [line for line in lines if pattern in line]
    return display(
        f"Find results for text: `{pattern}` in `{title}`",
        f"{url}/find?pattern={pattern}",
        [url for _ in found],
        found or [f"No `find` results for pattern: `{pattern}`"],
    )


server.run("stdio")
