"""One round: a worker attaches, a client opens its streams, all tokens flow, both are asked."""

import json
from array import array
from dataclasses import dataclass
from pathlib import Path

from .loads import Load
from .processes import BenchmarkFailure, Process
from .servers import Server

ATTACH_SECONDS = 15
GRACE_SECONDS = 60  # for what a round takes beyond the length of its load
TIME_ENTRY_WORDS = 2  # of 64 bits: (stream, index), nanoseconds
PERCENTILES = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}


@dataclass(frozen=True)
class Round:
    """What one round has shown."""

    tokens_per_second: float
    cpu_us_per_token: float  # of the server, from the first token sent to the last event read
    cpu_us_per_request: float  # of the server, from the requests to the first token
    client_us_per_token: float
    worker_us_per_token: float
    event_bytes: float  # of one delta event, with the framing of its chunk
    events_per_token: float
    stalls: int  # steps that waited for credit
    latency_ms: dict[str, float]  # empty when flat out


def run_round(server: Server, load: Load) -> Round:
    """Runs the load once. Raises when a token is missing, doubled or out of order."""
    scratch = server.bench.scratch
    sent, received = scratch / "sent.log", scratch / "received.log"
    with start_worker(server, load, sent) as worker:
        server.await_worker()
        with start_client(server, load, received) as client:
            from_client = json.loads(client.wait(load.seconds + GRACE_SECONDS))
            from_worker = json.loads(worker.wait(GRACE_SECONDS))
    server.process.check_alive()
    latency = latencies(sent, received) if load.paced else {}
    return figures(load, from_worker, from_client, latency)


def start_worker(server: Server, load: Load, log: Path) -> Process:
    """A load worker that has attached and waits for the streams."""
    options = {
        "target": server.target,
        "socket": server.socket_path,
        "streams": load.streams,
        "tokens": load.tokens,
        "analysis": load.analysis if server.target == "hocket" else 0,
        "per-step": load.per_step,
        "rate": load.steps_per_second,
        "watch-pid": server.pid,
        "timeout": int(load.seconds) + GRACE_SECONDS,
    }
    if load.paced:
        options["log"] = log
    program = server.bench.programs / "load-worker"
    worker = Process(command(program, options), log.with_suffix(".err"), read=True)
    worker.read_line(ATTACH_SECONDS)
    return worker


def start_client(server: Server, load: Load, log: Path) -> Process:
    options = {
        "port": server.port,
        "streams": load.streams,
        "tokens": load.tokens,
        "watch-pid": server.pid,
        "timeout": int(load.seconds) + GRACE_SECONDS,
    }
    if load.paced:
        options["log"] = log
    program = server.bench.programs / "load-client"
    return Process(command(program, options), log.with_suffix(".err"), read=True)


def command(program: Path, options: dict[str, object]) -> list[str]:
    words = [str(program)]
    for name, value in options.items():
        words += [f"--{name}", str(value)]
    return words


def figures(load: Load, worker: dict, client: dict, latency: dict[str, float]) -> Round:
    tokens = load.streams * load.tokens
    if client["tokens"] != tokens:
        raise BenchmarkFailure(f"{client['tokens']} tokens of {tokens} came through")
    seconds = (client["end_ns"] - worker["start_ns"]) / 1e9
    streaming = client["watched_cpu_end_ns"] - worker["watched_cpu_start_ns"]
    asking = worker["watched_cpu_start_ns"] - client["watched_cpu_start_ns"]
    return Round(
        tokens_per_second=tokens / seconds,
        cpu_us_per_token=streaming / tokens / 1e3,
        cpu_us_per_request=asking / load.streams / 1e3,
        client_us_per_token=client["own_cpu_ns"] / tokens / 1e3,
        worker_us_per_token=worker["own_cpu_ns"] / tokens / 1e3,
        event_bytes=client["delta_bytes"] / client["delta_events"] + len("000\r\n\r\n"),
        events_per_token=client["delta_events"] / tokens,
        stalls=worker["stalls"],
        latency_ms=latency,
    )


def latencies(sent: Path, received: Path) -> dict[str, float]:
    """Percentiles of (read by the client − sent by the worker), over all tokens of a round."""
    sent_at = read_times(sent)
    delays = sorted(ns - sent_at.pop(token) for token, ns in read_times(received).items())
    if sent_at:
        raise BenchmarkFailure(f"{len(sent_at)} tokens were sent and not received")
    return {
        name: delays[min(int(part * len(delays)), len(delays) - 1)] / 1e6
        for name, part in PERCENTILES.items()
    }


def read_times(path: Path) -> dict[int, int]:
    """(stream, index), as one number, to nanoseconds."""
    words = array("Q")
    words.frombytes(path.read_bytes())
    tokens = dict(zip(words[::TIME_ENTRY_WORDS], words[1::TIME_ENTRY_WORDS]))
    if len(tokens) * TIME_ENTRY_WORDS != len(words):
        raise BenchmarkFailure(f"{path.name} names a token twice")
    return tokens
