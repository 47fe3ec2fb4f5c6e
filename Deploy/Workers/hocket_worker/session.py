"""One connection to the router as a state machine: bytes and steps in, bytes and commands out.

It knows no socket and no thread. All of it is called on the network's thread.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

from .admission import admit, check
from .engine import Load, Model, Request
from .errors import Code, ProtocolViolation, WorkerError
from .frames import FRAME_BYTES_MAX, MINOR, PREFACE, Decoder, Frame, Type, encode
from .hello import VOCABULARY, Identity, hello
from .logprobs import Scored, scores, tokens
from .mailbox import Cancel
from .queries import answer
from .streams import Stream, columns, split
from .v1 import connection_pb2 as v1
from .v1.generation_pb2 import Accept, Credit, FinishReason
from .v1.status_pb2 import Status
from .watch import ControlBudget, Liveness

log = logging.getLogger("hocket_worker")
# Where the router leaves it to the default.
STATUS_INTERVAL_MS = 1000
STEP_ROWS_MAX = 4096
# At most, in a STEP beside its rows: the step, the clock, the lengths of the columns.
STEP_BYTES = 64
# At most, in a REPLY beside its result.
REPLY_BYTES = 1024
STREAM_ID_MAX = (1 << 31) - 1
# What concerns the connection stands on stream 0.
OF_CONNECTION = frozenset(
    {Type.HELLO, Type.HELLO_ACK, Type.PING, Type.PONG, Type.GOAWAY, Type.CONN_ERROR}
)


class Session:
    """`outgoing` holds what must be written, then be cleared by the owner.

    `command` receives what the engine's thread must do, in order. `clock` is in nanoseconds and
    monotonic.
    """

    def __init__(
        self,
        model: Model,
        identity: Identity,
        command: Callable[[Request | Cancel], None],
        clock: Callable[[], int],
    ) -> None:
        self.outgoing = bytearray(PREFACE)
        # Whether the router wants no other connection from this worker either.
        self.refused = False
        # Whether a successor serves in this worker's place.
        self.replaced = False
        self._closing = False
        self._model = model
        self._identity = identity
        self._command = command
        self._clock = clock
        self._decoder = Decoder()
        # The router's limits on what it receives, from its HELLO.
        self._limits: v1.Limits | None = None
        self._ack: v1.HelloAck | None = None
        # What the router may ask for: offered, and agreed on.
        self._agreed: frozenset[int] = frozenset()
        self._draining = False
        # When the streams are given up that are left; None for never.
        self._drain_ends_ns: int | None = None
        self._router_leaves = False
        self._streams: dict[int, Stream] = {}
        # Those that the engine still works on.
        self._by_request: dict[int, Stream] = {}
        # By request: what SUBMITs cost of the byte window that the engine has not taken.
        self._untaken: dict[int, int] = {}
        self._last_stream = 0
        self._steps = 0
        self._last_step_ns = 0
        self._status_due_ns = 0
        self._load = Load()
        self._tokens_reported = self._tokens = self._reported_ns = 0
        # Whether the router is there, from its HELLO_ACK on.
        self._liveness: Liveness | None = None
        self._budget = ControlBudget(clock())
        self._send(Type.HELLO, hello(model, identity, clock()))

    @property
    def attached(self) -> bool:
        return self._ack is not None

    @property
    def over(self) -> bool:
        """Whether the connection should be closed, after an attempt to write what is left."""
        ends = self._draining or self._router_leaves
        return self._closing or (ends and not self._streams and not self.outgoing)

    # What comes from the socket, and with time.

    def receive(self, data: bytes) -> None:
        now = self._clock()
        if self._liveness:
            self._liveness.heard(now)
        try:
            for frame in self._decoder.feed(data):
                self._budget.spend(frame.type, now)
                self._handle(frame)
        except ProtocolViolation as error:
            log.error("the router broke the protocol: %s", error)
            self.refused |= error.final
            self._close(error)

    def tick(self) -> None:
        """Does what is due: ends streams, asks a silent router, reports. Several times a second."""
        now = self._clock()
        for stream in list(self._streams.values()):
            if stream.deadline_ns is not None and now >= stream.deadline_ns:
                self._cut(stream, FinishReason.FINISH_REASON_DEADLINE)
        if self._drain_ends_ns is not None and now >= self._drain_ends_ns:
            self._give_up()
        if self.attached and not self._closing:
            self._watch(now)
            if now >= self._status_due_ns:
                self._send_status(now)

    def _watch(self, now: int) -> None:
        try:
            if nonce := self._liveness.tick(now):
                self._send(Type.PING, v1.Ping(nonce=nonce, mono_ns=now))
        except WorkerError as error:
            log.error("the router hangs: %s", error)
            self._close(error)

    def lost(self) -> None:
        """The connection is gone, and with it everybody who wanted the tokens."""
        for stream in list(self._streams.values()):
            self._forget(stream)

    # What comes from the engine.

    def taken(self, request_ids: Iterable[int]) -> None:
        """The engine took prompts: the router may send as many bytes again."""
        if amount := sum(self._untaken.pop(id, 0) for id in request_ids):
            self._send(Type.CREDIT, Credit(amount=amount))

    def emit(self, results: Mapping[int, Sequence[int] | Scored | WorkerError]) -> None:
        """Sends the outcome of one engine step, in one STEP frame for all streams.

        Those with log probabilities go into frames of their own, one for each number of likely
        tokens beside a token.
        """
        self._steps += 1
        self._last_step_ns = self._clock()
        touched = []
        for request_id, result in results.items():
            if isinstance(result, WorkerError):
                self.fail(request_id, result)
            elif stream := self._by_request.get(request_id):
                try:
                    stream.take(tokens(result), scores(result, stream.request.top_logprobs))
                except WorkerError as error:
                    self.fail(request_id, error)
                else:
                    self._tokens += len(tokens(result))
                    touched.append(stream)
        self._flush(touched)

    def report(self, load: Load) -> None:
        """Takes what the engine says of itself; a change of health is reported at once."""
        changed = load.serving != self._load.serving
        self._load = load
        if changed and self.attached:
            self._send_status(self._clock())

    def fail(self, request_id: int, error: WorkerError) -> None:
        if stream := self._by_request.get(request_id):
            self._send(Type.STREAM_ERROR, error.status, stream.id)
            self._forget(stream)

    # What the operator wants.

    def drain(self, seconds: float | None = None) -> None:
        """Open streams run to their end, in so many seconds; new ones are refused."""
        if not self.attached:
            self._closing = True
        elif not self._draining:
            self._draining = True
            grace_ms = 0 if seconds is None else max(1, round(seconds * 1000))
            self._limit_drain(grace_ms)
            goaway = v1.GoAway(
                last_stream_id=self._last_stream,
                reason=v1.GO_AWAY_REASON_SHUTDOWN,
                grace_ms=grace_ms,
            )
            self._send(Type.GOAWAY, goaway)
            self._send_status(self._clock())

    def _limit_drain(self, grace_ms: int) -> None:
        """Whichever side gives the streams less time is heeded; zero is for ever."""
        if grace_ms:
            ends_ns = self._clock() + grace_ms * 1_000_000
            self._drain_ends_ns = min(ends_ns, self._drain_ends_ns or ends_ns)

    def _give_up(self) -> None:
        """The time for draining is over: what is left is somebody else's."""
        status = Status(
            code=Code.CODE_UNAVAILABLE, message="the time for draining is over", retryable=True
        )
        for stream in list(self._streams.values()):
            self._send(Type.STREAM_ERROR, status, stream.id)
            self._forget(stream)

    def engine_failed(self, message: str) -> None:
        """Nobody should wait for these streams: the process is about to end."""
        self._close(WorkerError(Code.CODE_INTERNAL, message, retryable=True))

    def _close(self, error: WorkerError) -> None:
        self._send(Type.CONN_ERROR, error.status)
        self._closing = True

    # Frames from the router.

    def _handle(self, frame: Frame) -> None:
        if frame.type in OF_CONNECTION and frame.stream:
            raise ProtocolViolation(f"{frame.type.name} on stream {frame.stream} instead of 0")
        match frame.type:
            case Type.CONN_ERROR:
                self._on_conn_error(frame.message)
            case Type.HELLO if self._limits is None:
                self._on_hello(frame.message)
            case Type.HELLO_ACK if self._limits is not None and not self.attached:
                self._on_hello_ack(frame.message)
            case Type.SUBMIT if self.attached:
                self._on_submit(frame)
            case Type.CANCEL if self.attached:
                if stream := self._find(frame):
                    self._cut(stream, FinishReason.FINISH_REASON_CANCELLED)
            case Type.STREAM_ERROR if self.attached:
                if stream := self._find(frame):
                    self._forget(stream)
            case Type.CREDIT if self.attached:
                if stream := self._find(frame):
                    stream.credit += frame.message.amount
                    self._flush([stream])
            case Type.PING if self.attached:
                self._send(Type.PONG, v1.Ping(nonce=frame.message.nonce, mono_ns=self._clock()))
            case Type.PONG if self.attached:
                self._liveness.answered(frame.message.nonce)
            case Type.QUERY if self.attached:
                self._on_query(frame)
            case Type.GOAWAY if self.attached:
                self._on_goaway(frame.message)
            case _:
                raise ProtocolViolation(f"{frame.type.name} is out of place")

    def _on_conn_error(self, status: Status) -> None:
        log.error("the router closed the connection: %s", status.message)
        self.refused = not status.retryable
        self._closing = True

    def _on_hello(self, router: v1.Hello) -> None:
        if router.role != v1.ROLE_ROUTER:
            raise ProtocolViolation("the peer of a worker is a router")
        if router.vocabulary != VOCABULARY:
            raise ProtocolViolation(
                "the router's vocabulary is not that of this worker",
                Code.CODE_FAILED_PRECONDITION,
                final=True,
            )
        self._limits = router.limits

    def _on_hello_ack(self, ack: v1.HelloAck) -> None:
        if ack.minor != MINOR:
            raise ProtocolViolation(f"minor version {ack.minor} was not offered")
        self._ack = ack
        self._agreed = self._model.capabilities & frozenset(ack.capabilities)
        self._liveness = Liveness(ack.ping_interval_ms, ack.ping_timeout_ms, self._clock())
        for words in ack.rejected:
            log.warning("the router declines: %s", words)
        log.info("attached as %s", ack.worker_id)
        self._send_status(self._clock())

    def _on_goaway(self, goaway: v1.GoAway) -> None:
        """A worker that was replaced ends; all others dial again."""
        log.info("the router wants no new streams here: %s", goaway.message)
        self._router_leaves = True
        self.replaced = goaway.reason == v1.GO_AWAY_REASON_REPLACED
        self._limit_drain(goaway.grace_ms)
        self.drain()

    def _on_query(self, frame: Frame) -> None:
        self._claim(frame)
        self._send(Type.CREDIT, Credit(amount=frame.size))
        state = {"running_streams": len(self._by_request), "steps": self._steps}
        bytes_max = (self._limits.frame_bytes_max or FRAME_BYTES_MAX) - REPLY_BYTES
        reply = answer(frame.message, self._model, self._identity, state, bytes_max)
        self._send(Type.REPLY, reply, frame.stream)

    def _claim(self, frame: Frame) -> None:
        """A new stream of the router: odd, and newer than all before."""
        is_odd = frame.stream % 2 == 1
        if not (is_odd and self._last_stream < frame.stream <= STREAM_ID_MAX):
            raise ProtocolViolation(
                f"{frame.type.name} on stream {frame.stream} after {self._last_stream}"
            )
        self._last_stream = frame.stream

    def _on_submit(self, frame: Frame) -> None:
        self._claim(frame)
        check(frame)
        try:
            self._open(frame)
        except WorkerError as error:
            self._send(Type.CREDIT, Credit(amount=frame.size))
            self._send(Type.STREAM_ERROR, error.status, frame.stream)

    def _open(self, frame: Frame) -> None:
        if self._draining:
            raise WorkerError(Code.CODE_UNAVAILABLE, "the worker is leaving", retryable=True)
        if len(self._streams) >= self._model.streams_max:
            message = f"all {self._model.streams_max} streams are taken"
            raise WorkerError(Code.CODE_RESOURCE_EXHAUSTED, message, retryable=True)
        submit = frame.message
        request = admit(self._model, self._agreed, submit, frame.tail)
        deadline_ns = self._clock() + submit.deadline_ns if submit.deadline_ns else None
        stream = Stream(frame.stream, request, submit.credit_tokens, deadline_ns)
        self._streams[stream.id] = self._by_request[request.id] = stream
        self._untaken[request.id] = frame.size
        self._send(Type.ACCEPT, Accept(), stream.id)
        self._command(request)

    # Streams.

    def _find(self, frame: Frame) -> Stream | None:
        """The stream of a frame, None if it has ended: frames may cross on their way."""
        if frame.stream > self._last_stream or frame.stream % 2 == 0:
            raise ProtocolViolation(f"{frame.type.name} on {frame.stream}, which was never opened")
        return self._streams.get(frame.stream)

    def _flush(self, streams: list[Stream]) -> None:
        """Sends what credit allows of the parked tokens, and FINISH for streams that are empty."""
        streams = sorted(streams, key=lambda stream: stream.id)
        rows_max = self._limits.step_rows_max or STEP_ROWS_MAX
        bytes_max = self._limits.frame_bytes_max or FRAME_BYTES_MAX
        bytes_max -= STEP_BYTES
        while rows := [row for each in streams if (row := each.release(bytes_max))]:
            for table in split(rows, rows_max, bytes_max):
                self._send(Type.STEP, columns(self._steps, self._clock(), table))
        for stream in filter(lambda stream: stream.ending, streams):
            self._stop(stream)
            if not stream.parked:
                self._send(Type.FINISH, stream.finish(), stream.id)
                self._forget(stream)

    def _cut(self, stream: Stream, reason: int) -> None:
        """Ends a stream now, whatever is parked."""
        stream.end(reason)
        self._send(Type.FINISH, stream.finish(), stream.id)
        self._forget(stream)

    def _forget(self, stream: Stream) -> None:
        del self._streams[stream.id]
        self._stop(stream)
        # The engine will not take it any more.
        self.taken([stream.request.id])

    def _stop(self, stream: Stream) -> None:
        if self._by_request.pop(stream.request.id, None):
            self._command(Cancel(stream.request.id))

    # Frames to the router.

    def _send_status(self, now: int) -> None:
        interval_ms = self._ack.status_interval_ms or STATUS_INTERVAL_MS
        self._status_due_ns = now + interval_ms * 1_000_000
        load = self._load
        status = v1.WorkerStatus(
            health=self._health,
            running_streams=max(0, len(self._by_request) - load.waiting_streams),
            waiting_streams=load.waiting_streams,
            waiting_tokens=load.waiting_tokens,
            cache_used=load.cache_used,
            tokens_per_second=self._speed(now),
            mono_ns=now,
            message=load.message,
        )
        if self._steps:
            status.last_step_age_ns = now - self._last_step_ns
        self._send(Type.STATUS, status)

    @property
    def _health(self) -> int:
        if self._draining:
            return v1.HEALTH_DRAINING
        return v1.HEALTH_SERVING if self._load.serving else v1.HEALTH_NOT_SERVING

    def _speed(self, now: int) -> float:
        """Tokens a second since the last report."""
        tokens, elapsed = self._tokens - self._tokens_reported, now - self._reported_ns
        self._tokens_reported, self._reported_ns = self._tokens, now
        return tokens * 1e9 / elapsed if elapsed > 0 else 0.0

    def _send(self, type: Type, message, stream: int = 0) -> None:
        self.outgoing += encode(type, message, stream)
