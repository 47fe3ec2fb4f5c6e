"""A collector of spans over OTLP/HTTP that reads them as OpenTelemetry's own definitions have them."""

import base64
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def with_base64_ids(value):
    """JSON of Protobuf has bytes in base64; OTLP has ids in hexadecimal digits."""
    if isinstance(value, list):
        return [with_base64_ids(element) for element in value]
    if not isinstance(value, dict):
        return value
    members = {key: with_base64_ids(member) for key, member in value.items()}
    for key in IDS.keys() & value.keys():
        assert value[key] == value[key].lower(), "an id is written without capitals"
        assert len(bytes.fromhex(value[key])) == IDS[key]
        members[key] = base64.b64encode(bytes.fromhex(value[key])).decode()
    return members


def parsed(body: bytes) -> ExportTraceServiceRequest:
    """Strictly: a member that OpenTelemetry does not know is an error."""
    request = ExportTraceServiceRequest()
    return json_format.ParseDict(with_base64_ids(json.loads(body)), request)


def plain(value: AnyValue) -> object:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(element) for element in value.array_value.values]
    return getattr(value, kind)


def attributes(of: Span | Span.Event | Resource) -> dict[str, object]:
    return {attribute.key: plain(attribute.value) for attribute in of.attributes}


def traceparent(span: Span) -> str:
    """What somebody is told who is called within the span."""
    return f"00-{span.trace_id.hex()}-{span.span_id.hex()}-01"


class Collector:
    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        self.bodies: list[bytes] = []
        self.faults: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def wait_until(self, condition: Callable[[list[Span]], bool], seconds_max: float = 30) -> None:
        deadline = time.monotonic() + seconds_max
        while not condition(self.spans):
            assert time.monotonic() < deadline, f"the spans did not come: {self.spans}"
            time.sleep(0.05)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert not self.faults

    def _take(self, path: str, content_type: str | None, body: bytes) -> None:
        try:
            assert path == "/v1/traces"
            assert content_type == "application/json"
            self.requests.append(parsed(body))
            self.bodies.append(body)
        except Exception as error:
            self.faults.append(f"{error!r} in {body!r}")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                take(self.path, self.headers["content-type"], body)
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *arguments) -> None:
                pass

        return Handler
