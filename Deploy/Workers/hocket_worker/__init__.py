"""The kit for inference workers behind Hocket: implement `Engine`, call `run`."""

from .deltas import Deltas
from .engine import STOP_TOKENS, Engine, Load, Model, Request
from .errors import Code, WorkerError
from .hello import Identity
from .logprobs import Scored, TokenLogprob
from .worker import Worker

__all__ = [
    "STOP_TOKENS",
    "Code",
    "Deltas",
    "Engine",
    "Identity",
    "Load",
    "Model",
    "Request",
    "Scored",
    "TokenLogprob",
    "Worker",
    "WorkerError",
]
