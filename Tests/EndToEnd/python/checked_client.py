"""HTTP clients for SDKs that write down what the server streams, for the checks of a transcript."""

import threading
from collections.abc import AsyncIterator, Iterator
import httpx2

from chat_grammar import check_chat_stream
from event_stream import Event
from transcript import Transcript, parse


class Wire:
    """All event streams that one test's clients have read, byte by byte."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: list[tuple[httpx2.URL, bytearray]] = []

    def begin(self, request: httpx2.Request, response: httpx2.Response) -> bytearray | None:
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            return None
        bytes_read = bytearray()
        with self._lock:
            self._streams.append((httpx2.URL(str(request.url)), bytes_read))
        return bytes_read

    def check(self) -> None:
        """Each stream from its first byte to its last."""
        responses: dict[str, list[Event]] = {}
        for url, bytes_read in self._streams:
            lines = bytes_read.decode().split("\n")
            if url.path.endswith("/chat/completions"):
                check_chat_stream(lines)
                continue
            events = list(parse(lines))
            after = url.params.get("starting_after")
            if after is not None:
                # The rest of a stream that began elsewhere: both are one.
                events = responses[url.path.rpartition("/")[2]][: int(after) + 1] + events
            responses[Transcript(events).response["id"]] = events


class _Tee(httpx2.SyncByteStream):
    def __init__(self, stream, copy: bytearray) -> None:
        self._stream = stream
        self._chunks = iter(stream)
        self._copy = copy

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._copy += chunk
            yield chunk

    def close(self) -> None:
        # SDKs stop at [DONE], with the last empty line perhaps unread.
        for chunk in self._chunks:
            self._copy += chunk
        self._stream.close()


class _AsyncTee(httpx2.AsyncByteStream):
    def __init__(self, stream, copy: bytearray) -> None:
        self._stream = stream
        self._chunks = aiter(stream)
        self._copy = copy

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self._copy += chunk
            yield chunk

    async def aclose(self) -> None:
        async for chunk in self._chunks:
            self._copy += chunk
        await self._stream.aclose()


class _Transport(httpx2.HTTPTransport):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def handle_request(self, request):
        response = super().handle_request(request)
        copy = self._wire.begin(request, response)
        if copy is not None:
            response.stream = _Tee(response.stream, copy)
        return response


class _AsyncTransport(httpx2.AsyncHTTPTransport):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    async def handle_async_request(self, request):
        response = await super().handle_async_request(request)
        copy = self._wire.begin(request, response)
        if copy is not None:
            response.stream = _AsyncTee(response.stream, copy)
        return response


def http_client(wire: Wire) -> httpx2.Client:
    return httpx2.Client(transport=_Transport(wire), timeout=60)


def async_http_client(wire: Wire) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=_AsyncTransport(wire), timeout=60)
