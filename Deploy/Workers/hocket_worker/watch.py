"""Whether the router is still there, and whether it floods: clocks beside a connection."""

from .errors import Code, ProtocolViolation, WorkerError
from .frames import Type

# Where the router leaves it to the default.
PING_INTERVAL_MS = 5_000
PING_TIMEOUT_MS = 15_000
CONTROL_FRAMES_PER_SECOND_MAX = 10_000
# Frames that were sent in time may be read late, all at once.
BURST_SECONDS = 5
CONTROL = frozenset(
    {Type.PING, Type.CREDIT, Type.CANCEL, Type.STATUS, Type.EVENT, Type.QUERY}
)


class Liveness:
    """PING after silence, and the end of a peer that does not even answer that."""

    def __init__(self, interval_ms: int, timeout_ms: int, now_ns: int) -> None:
        self._interval_ns = (interval_ms or PING_INTERVAL_MS) * 1_000_000
        self._timeout_ns = (timeout_ms or PING_TIMEOUT_MS) * 1_000_000
        self._heard_ns = now_ns
        self._pinged_ns: int | None = None
        self._nonce = 0
        self._answered = 0

    def heard(self, now_ns: int) -> None:
        """Any byte is a sign of life."""
        self._heard_ns = now_ns
        self._pinged_ns = None

    def answered(self, nonce: int) -> None:
        if not self._answered < nonce <= self._nonce:
            raise ProtocolViolation(f"PONG with the nonce {nonce}, which was not sent")
        self._answered = nonce

    def tick(self, now_ns: int) -> int | None:
        """The nonce of a PING to send now, if one is due; raises when the peer hangs."""
        if self._pinged_ns is not None:
            if now_ns - self._pinged_ns >= self._timeout_ns:
                silence = (now_ns - self._heard_ns) / 1e9
                message = f"nothing came from the router for {silence:.1f} s"
                raise WorkerError(Code.CODE_DEADLINE_EXCEEDED, message, retryable=True)
            return None
        if now_ns - self._heard_ns < self._interval_ns:
            return None
        self._pinged_ns = now_ns
        self._nonce += 1
        return self._nonce


class ControlBudget:
    """How many control frames the peer may still send."""

    def __init__(self, now_ns: int) -> None:
        self._full = self._left = float(CONTROL_FRAMES_PER_SECOND_MAX * BURST_SECONDS)
        self._refilled_ns = now_ns

    def spend(self, type: Type, now_ns: int) -> None:
        if type not in CONTROL:
            return
        refill = (now_ns - self._refilled_ns) / 1e9 * CONTROL_FRAMES_PER_SECOND_MAX
        self._left = min(self._full, self._left + refill) - 1
        self._refilled_ns = now_ns
        if self._left < 0:
            message = f"too many control frames (max: {CONTROL_FRAMES_PER_SECOND_MAX} a second)"
            raise ProtocolViolation(message, Code.CODE_RESOURCE_EXHAUSTED)
