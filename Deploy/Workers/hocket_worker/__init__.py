"""The kit for inference workers behind Hocket: implement `Engine`, call `run`."""

from .engine import STOP_TOKENS, Engine, Model, Request
from .errors import Code, WorkerError
from .hello import Identity
from .worker import Worker

__all__ = [
    "STOP_TOKENS",
    "Code",
    "Engine",
    "Identity",
    "Model",
    "Request",
    "Worker",
    "WorkerError",
]
