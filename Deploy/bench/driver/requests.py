"""What a request costs, apart from its tokens: a long conversation, a short answer."""

import argparse
import http.client
import json
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from .processes import BenchmarkFailure, Process
from .servers import Bench, Router, check_binary

# Of the conversation, in words; each is a token, or nearly.
CONVERSATION_WORDS = 1900
WORDS_PER_TURN = 95
WORDS = (
    "the router gives every worker a name and counts the tokens that it sends so that none is lost "
    "when one of them ends early and another takes its place while the clients wait for an answer"
).split()
WARM_UP_REQUESTS = 20


@dataclass(frozen=True)
class Subject:
    """A server that answers Responses requests."""

    name: str
    port: int
    pid: int
    model: str

    @staticmethod
    def parse(text: str) -> "Subject":
        """NAME=PORT,PID,MODEL"""
        name, _, rest = text.partition("=")
        port, pid, model = rest.split(",", 2)
        return Subject(name, int(port), int(pid), model)

    def cpu_seconds(self) -> float:
        # The processor clock of another process, as clock_getcpuclockid(3) makes it.
        return time.clock_gettime(~self.pid << 3 | 2)


@dataclass(frozen=True)
class Cost:
    """Of one request."""

    cpu_ms: float
    latency_ms: float  # the median
    latency_p99_ms: float


def measure_requests(bench: Bench, arguments: argparse.Namespace) -> None:
    """Prints what a request costs the router, and each server beside it, in turns."""
    with Router(bench) as router:
        router.await_start()
        with start_worker(bench, arguments.ask):
            router.await_worker()
            subjects = [Subject("hocket", router.port, router.pid, "simulated-gpt-oss")]
            subjects += [Subject.parse(text) for text in arguments.beside]
            costs = take_turns(subjects, arguments)
    show(subjects, costs)


def start_worker(bench: Bench, ask: str) -> Process:
    """A worker that says one word and is done."""
    script = bench.scratch / "answers.jsonl"
    answer = [200005, 17196, 200008, 13225, 200002]  # <|channel|>final<|message|>Hello<|return|>
    script.write_text(json.dumps({"pattern": ask, "tokens": answer}) + "\n")
    command = [str(bench.hocket), "worker", "--simulate", "--tokens-per-second", "0"]
    command += ["--socket", str(bench.router_socket), "--script", str(script)]
    return Process(command, bench.scratch / "worker.log")


def take_turns(subjects: list[Subject], arguments: argparse.Namespace) -> dict[str, list[Cost]]:
    costs = {subject.name: [] for subject in subjects}
    for subject in subjects:
        send(subject, WARM_UP_REQUESTS, arguments.ask)
    for _ in range(arguments.repeats):
        for subject in subjects:
            costs[subject.name].append(send(subject, arguments.requests, arguments.ask))
    return costs


def send(subject: Subject, count: int, ask: str) -> Cost:
    """One request after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", subject.port, timeout=30)
    latencies, began = [], subject.cpu_seconds()
    for number in range(count):
        body = json.dumps(request(subject.model, ask, number))
        sent = time.monotonic()
        connection.request("POST", "/v1/responses", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        latencies.append((time.monotonic() - sent) * 1e3)
        if response.status != 200 or json.loads(answer)["status"] != "completed":
            raise BenchmarkFailure(f"{subject.name}: {response.status} {answer[:500]!r}")
    spent = subject.cpu_seconds() - began
    connection.close()
    latencies.sort()
    return Cost(
        cpu_ms=spent / count * 1e3,
        latency_ms=statistics.median(latencies),
        latency_p99_ms=latencies[int(0.99 * count)],
    )


def request(model: str, ask: str, number: int) -> dict:
    """A conversation whose every turn differs from those of other requests."""
    turns = CONVERSATION_WORDS // WORDS_PER_TURN
    items = [
        {"role": "assistant" if turn % 2 else "user", "content": paragraph(number + turn)}
        for turn in range(turns)
    ]
    items.append({"role": "user", "content": ask})
    return {"model": model, "input": items, "store": False, "max_output_tokens": 200}


def paragraph(seed: int) -> str:
    start = seed * 7
    return " ".join(WORDS[(start + index * 5) % len(WORDS)] for index in range(WORDS_PER_TURN))


def show(subjects: list[Subject], costs: dict[str, list[Cost]]) -> None:
    def median(name: str, figure: str) -> float:
        return statistics.median(getattr(cost, figure) for cost in costs[name])

    print(f"{'':12}{'CPU ms':>10}{'ratio':>8}{'p50 ms':>10}{'p99 ms':>10}")
    for subject in subjects:
        cpu = median(subject.name, "cpu_ms")
        ratio = cpu / median(subjects[0].name, "cpu_ms")
        print(
            f"{subject.name:12}{cpu:10.3f}{ratio:8.2f}"
            f"{median(subject.name, 'latency_ms'):10.3f}"
            f"{median(subject.name, 'latency_p99_ms'):10.3f}"
        )


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="requests.sh")
    parser.add_argument("hocket", type=Path)
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--ask", default="Say hello.")
    parser.add_argument("--beside", action="append", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    arguments = parse()
    bench = Bench(check_binary(arguments.hocket), arguments.scratch, arguments.scratch)
    measure_requests(bench, arguments)
