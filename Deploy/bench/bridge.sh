#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: bridge.sh

Measures the bridge alone: what a token costs in the router between a worker's socket and the
stream's sink, without HTTP, on one event loop, beside a C loop that reads the same frames and
does nothing else. Prints for 1, 8, 64 and 256 rows a STEP: tokens a second of processor time,
nanoseconds a token, microseconds a frame, those of the C loop, their ratio, and how often memory
was asked for. Builds what it needs in .build; the first time takes minutes.
TEXT
}

[ $# -eq 0 ] || { usage; exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export HOCKET_BENCHMARKS=1
swift build -c release --product BridgeThroughput >&2
scratch=$(mktemp -d "${TMPDIR:-/tmp}/hocket-bridge.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"${CC:-cc}" -std=c11 -O2 -Wall -Wextra -shared -fPIC \
    -o "$scratch/count-allocations.so" Deploy/bench/load/count-allocations.c
LD_PRELOAD=$scratch/count-allocations.so .build/release/BridgeThroughput "$scratch"
