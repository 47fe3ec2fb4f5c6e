"""Builds the texts of the benchmarks afresh from what a development machine has.

English prose is the Rust book and CJK prose its translated companions, both without their code
blocks, from the HTML documentation that rustup installs; code is Python's own standard library.
No text of a third party is committed.
"""

import html
import re
import subprocess
import sysconfig
from pathlib import Path

ENGLISH_BYTES_MAX = 1_000_000
CODE_BYTES_MAX = 1_000_000


def prose(page):
    """The text of an HTML page without its code blocks."""
    body = page.read_text(encoding="utf-8")
    body = re.sub(r"<(script|style|pre|head|nav)\b.*?</\1>", "", body, flags=re.DOTALL)
    lines = html.unescape(re.sub(r"<[^>]+>", "", body)).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines))


def rust_documentation():
    sysroot = subprocess.run(
        ["rustc", "--print", "sysroot"], check=True, capture_output=True, text=True
    )
    return Path(sysroot.stdout.strip()) / "share" / "doc" / "rust" / "html"


def english():
    return prose(rust_documentation() / "book" / "print.html")[:ENGLISH_BYTES_MAX]


def cjk():
    pages = rust_documentation() / "rust-by-example"
    return "".join(prose(pages / language / "print.html") for language in ("zh", "ja"))


def code():
    """The modules of the standard library's top folder, in the order of their names."""
    parts, size = [], 0
    for module in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        text = module.read_text(encoding="utf-8", errors="replace")
        parts.append(text)
        size += len(text)
        if size >= CODE_BYTES_MAX:
            break
    return "".join(parts)[:CODE_BYTES_MAX]


BUILDERS = {"english": english, "code": code, "cjk": cjk}


def write_texts(folder):
    """Writes each text to a file of its name and returns the paths by name."""
    paths = {}
    for name, build in BUILDERS.items():
        paths[name] = Path(folder) / f"{name}.txt"
        paths[name].write_text(build(), encoding="utf-8")
    return paths
