"""Server-sent events as they are on the wire, line by line: the framing of both APIs."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

Event = dict[str, Any]
DONE = "data: [DONE]"


class Fault(AssertionError):
    """A rule that a stream breaks."""

    def __init__(self, kind: str, what: Any) -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind


def parse(lines: Iterable[str], is_cut: bool = False) -> Iterator[Event]:
    """The events of a response: each a line with its name, one with its data, and an empty one.

    Comments may stand between events, and nowhere else. A stream that is cut may lack its end, but
    has no part of an event.
    """
    name = None
    for line in _until_done(lines, is_cut, lambda: name is None):
        if name is None:
            _expect(line.startswith("event: "), "framing", line)
            name = line.removeprefix("event: ")
        elif name:
            event = _data(line)
            _expect(event.get("type") == name, "event name", f"{name} {event}")
            name = ""
            yield event
        else:
            _expect(line == "", "framing", line)
            name = None
    _expect(not name, "framing", f"half of {name}")


def whole_events(lines: list[str]) -> list[str]:
    """The lines up to the last whole event: whoever stops reading may stop within one."""
    ends = [index for index, line in enumerate(lines) if line == ""]
    return lines[: ends[-1] + 1] if ends else []


def chunks(lines: Iterable[str], is_cut: bool = False) -> Iterator[Event]:
    """The chunks of a chat completion: each a line with its data and an empty one."""
    is_between = True
    for line in _until_done(lines, is_cut, lambda: is_between):
        if is_between:
            yield _data(line)
        else:
            _expect(line == "", "framing", line)
        is_between = not is_between


def _until_done(lines: Iterable[str], is_cut: bool, is_between) -> Iterator[str]:
    """The lines before [DONE], without comments; nothing but empty ones may come after it."""
    ended = False
    for line in lines:
        if ended:
            _expect(line == "", "end", f"after [DONE] came {line!r}")
        elif is_between() and (line == "" or line.startswith(":")):
            continue
        elif is_between() and line == DONE:
            ended = True
        else:
            yield line
    _expect(ended or is_cut, "end", "the stream ended without [DONE]")


def _data(line: str) -> Event:
    _expect(line.startswith("data: "), "framing", line)
    try:
        value = json.loads(line.removeprefix("data: "))
    except ValueError:
        raise Fault("framing", line) from None
    _expect(isinstance(value, dict), "framing", line)
    return value


def _expect(holds: bool, kind: str, what: Any) -> None:
    if not holds:
        raise Fault(kind, what)
