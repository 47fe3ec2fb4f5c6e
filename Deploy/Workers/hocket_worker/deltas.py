"""New tokens, out of engines that report the whole output each time."""

from collections.abc import Sequence

from .errors import Code, WorkerError


class Deltas:
    """Turns cumulative outputs into what `Engine.step` returns: new ids only.

    An engine that takes back what it said has lost tokens, or made some up: that ends the request
    as `CODE_DATA_LOSS` rather than with an output that nobody generated.
    """

    def __init__(self) -> None:
        # How many tokens of a request are known, and the last of them.
        self._known: dict[int, tuple[int, int | None]] = {}

    def take(self, request_id: int, output: Sequence[int]) -> Sequence[int] | WorkerError:
        """The ids that are new in a request's output so far."""
        count, last = self._known.get(request_id, (0, None))
        if len(output) < count or (count and output[count - 1] != last):
            self.forget(request_id)
            message = f"the engine reports {len(output)} tokens, not what followed the first {count}"
            return WorkerError(Code.CODE_DATA_LOSS, message, retryable=True)
        new = output[count:]
        if new:
            self._known[request_id] = (len(output), new[-1])
        return new

    def forget(self, request_id: int) -> None:
        """Ends a request; to be called by `Engine.cancel`."""
        self._known.pop(request_id, None)
