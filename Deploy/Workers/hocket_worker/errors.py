"""Failures as the wire knows them: a status code, words, and what to blame."""

from .v1 import status_pb2

# The codes of gRPC: Code.CODE_INVALID_ARGUMENT and so on.
Code = status_pb2.Code


class WorkerError(Exception):
    """One stream, or one connection, that cannot go on.

    `retryable` says that the same request may succeed elsewhere or later; `param` names the
    request's parameter at fault as the API spells it.
    """

    def __init__(self, code: int, message: str, *, retryable: bool = False, param: str = ""):
        super().__init__(message)
        self.status = status_pb2.Status(
            code=code, message=message, retryable=retryable, param=param
        )


class ProtocolViolation(WorkerError):
    """The router broke the rules of the wire: this connection ends, the worker dials again.

    Unless it is `final`: what is wrong would be wrong the next time too.
    """

    def __init__(
        self, message: str, code: int = Code.CODE_INVALID_ARGUMENT, *, final: bool = False
    ):
        super().__init__(code, message)
        self.final = final
