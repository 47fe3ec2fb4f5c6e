#!/usr/bin/env python3
"""Measures encoding and decoding beside the peers, one after the other, on one thread.

    pip install -r requirements.txt
    compare-tokenizers.py .build/release/HarmonyThroughput [--text NAME=PATH ...]

A throughput is the bytes of a text times the rounds, over the CPU time of the whole process less
that of the same process with no rounds; the median of several runs, in which the implementations
take turns so that a change of the machine's load meets all of them. All must agree on every id.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import texts
from peers import PEERS

HERE = Path(__file__).resolve().parent
GENERATOR = HERE.parent.parent / "Vocabulary" / "generate.py"
OURS = "hocket"
# The name under which tiktoken looks the vocabulary up in its cache: the SHA-1 of its address.
TIKTOKEN_CACHE_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"
ROUNDS_SECONDS = 1.0


class Implementation:
    """One of the programs measured; `command` takes the operation and the rounds."""

    def __init__(self, name, command, environment):
        self.name = name
        self.command = command
        self.environment = environment

    def cpu_seconds(self, text, operation, rounds):
        with open(text, "rb") as file:
            process = subprocess.Popen(
                [*self.command, operation, str(rounds)], stdin=file, env=self.environment
            )
            _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"{self.name} failed with status {status}")
        return usage.ru_utime + usage.ru_stime

    def summary(self, text):
        with open(text, "rb") as file:
            output = subprocess.run(
                [*self.command, "summary"],
                stdin=file,
                env=self.environment,
                check=True,
                capture_output=True,
            )
        return json.loads(output.stdout)

    def rounds(self, text, operation):
        """How many rounds take about a second."""
        start = self.cpu_seconds(text, operation, 0)
        rounds = 1
        while (cpu := self.cpu_seconds(text, operation, rounds) - start) < ROUNDS_SECONDS / 10:
            rounds *= 4
        return max(1, round(rounds * ROUNDS_SECONDS / cpu))

    def bytes_per_second(self, text, operation, rounds):
        cpu = self.cpu_seconds(text, operation, rounds) - self.cpu_seconds(text, operation, 0)
        return text.stat().st_size * rounds / cpu


def implementations(program, folder):
    vocabulary = folder / "o200k_base.tiktoken"
    subprocess.run([sys.executable, GENERATOR, "--expand", vocabulary], check=True)
    shutil.copy(vocabulary, folder / TIKTOKEN_CACHE_NAME)
    environment = {
        **os.environ,
        "TIKTOKEN_ENCODINGS_BASE": str(folder),
        "TIKTOKEN_CACHE_DIR": str(folder),
    }
    ours = Implementation(OURS, [program], environment)
    worker = HERE / "workload.py"
    peers = (Implementation(name, [sys.executable, worker, name], environment) for name in PEERS)
    return [ours, *peers]


def require_agreement(implementations, text):
    summaries = {each.name: each.summary(text) for each in implementations}
    for name, summary in summaries.items():
        if summary != summaries[OURS]:
            sys.exit(f"{name} differs on {text}: {summary}, ours {summaries[OURS]}")
    return summaries[OURS]


def measure(implementations, text, operation, runs):
    """The median throughput of each implementation, in megabytes a second."""
    rounds = {each.name: each.rounds(text, operation) for each in implementations}
    samples = {each.name: [] for each in implementations}
    for _ in range(runs):
        for each in implementations:
            sample = each.bytes_per_second(text, operation, rounds[each.name])
            samples[each.name].append(sample / 1e6)
    return {name: statistics.median(values) for name, values in samples.items()}


def print_row(cells):
    print("".join(f"{cell:<16}" if i == 0 else f"{cell:>16}" for i, cell in enumerate(cells)))


def report(name, operation, medians):
    cells = [
        f"{median:.1f}" if each == OURS else f"{median:.1f} ({medians[OURS] / median:.1f}x)"
        for each, median in medians.items()
    ]
    print_row([f"{operation} {name}", *cells])


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="the HarmonyThroughput executable, a release build")
    parser.add_argument("--text", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = dict(text.split("=", 1) for text in arguments.text)
        paths = {name: Path(path) for name, path in given.items()} or texts.write_texts(folder)
        measured = implementations(arguments.program, folder)
        print("MB/s of UTF-8, and how many times as fast ours is")
        print_row(["", *(each.name for each in measured)])
        for name, path in paths.items():
            summary = require_agreement(measured, path)
            print(f"{name}: {summary['bytes']} bytes, {summary['tokens']} tokens")
            for operation in ("encode", "decode"):
                medians = measure(measured, path, operation, arguments.runs)
                report(name, operation, medians)


if __name__ == "__main__":
    main()
