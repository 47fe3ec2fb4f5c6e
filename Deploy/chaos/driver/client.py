"""One streamed response over a connection of its own, read to its end whatever that is."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Optional

from event_grammar import TERMINAL, EventGrammar
from event_stream import Fault, parse

# A stream that says nothing for so long hangs: keep-alive comments come every 15 seconds.
SILENCE_SECONDS_MAX = 40.0


@dataclass
class Answer:
    """What a client saw of one response."""

    status: int = 0
    request_id: str = ""
    retry_after: Optional[str] = None
    reasoning: str = ""
    text: str = ""
    # The terminal event, and when it came on the monotonic clock.
    terminal: Optional[dict] = None
    ended_at: float = 0.0
    # What no client should ever see.
    faults: list = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.faults:
            return "broken"
        if self.status != 200:
            return "refused"
        return self.terminal["type"].removeprefix("response.")


async def ask(port: int, body: dict) -> Answer:
    """Sends a request and reads its answer; what goes wrong is in the answer."""
    answer = Answer()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        answer.faults.append(f"no connection: {error}")
        return answer
    try:
        writer.write(_request(body))
        await _read(reader, answer)
    except asyncio.TimeoutError:
        answer.faults.append(f"hung: silent for {SILENCE_SECONDS_MAX:.0f} s")
    except (OSError, EOFError, ValueError) as error:
        answer.faults.append(f"{type(error).__name__}: {error}")
    finally:
        answer.ended_at = answer.ended_at or time.monotonic()
        writer.close()
    return answer


def _request(body: dict) -> bytes:
    content = json.dumps(body).encode()
    head = (
        "POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def _read(reader: asyncio.StreamReader, answer: Answer) -> None:
    head = await _timed(reader.readuntil(b"\r\n\r\n"))
    lines = head.decode().split("\r\n")
    answer.status = int(lines[0].split(" ")[1])
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    answer.request_id = headers.get("x-request-id", "")
    answer.retry_after = headers.get("retry-after")
    if answer.status != 200:
        return
    await _read_events(reader, answer)


async def _read_events(reader: asyncio.StreamReader, answer: Answer) -> None:
    body = bytearray()
    while chunk := await _chunk(reader):
        body += chunk
        # The terminal event is in the last of them.
        answer.ended_at = time.monotonic()
    try:
        _judge(body.decode(), answer)
    except Fault as fault:
        answer.faults.append(str(fault))


async def _chunk(reader: asyncio.StreamReader) -> bytes:
    size = int(await _timed(reader.readuntil(b"\r\n")), 16)
    return (await _timed(reader.readexactly(size + 2)))[:-2]


def _judge(body: str, answer: Answer) -> None:
    """Holds a whole stream to the rules that every stream of the tests is held to."""
    grammar = EventGrammar()
    for event in parse(body.split("\n")):
        grammar.read(event)
        if event["type"] == "response.reasoning_text.delta":
            answer.reasoning += event["delta"]
        elif event["type"] == "response.output_text.delta":
            answer.text += event["delta"]
        elif event["type"] in TERMINAL:
            answer.terminal = event
    grammar.finish()


async def _timed(awaitable):
    return await asyncio.wait_for(awaitable, SILENCE_SECONDS_MAX)
