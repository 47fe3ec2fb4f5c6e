#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: profile.sh [--seconds S] [HOCKET]

Samples a built router with perf during a paced load (256 streams, 50 steps a second) and a flat
out one (64 streams), and prints for each the time by object and the ten costliest symbols.

HOCKET is the program to profile; without it HOCKET_BINARY, or .build/release/hocket.

  --seconds S     length of each load, about (8)

Needs what run.sh needs, and perf with leave to sample (as root, or kernel.perf_event_paranoid
at most 1). Where `swift` is installed, Swift names are shown as written.
TEXT
}

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
hocket=${HOCKET_BINARY:-$bench/../../.build/release/hocket}
seconds=8
while (($# > 0)); do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --seconds) seconds=${2:?--seconds needs a value}; shift 2 ;;
        -*) usage >&2; exit 2 ;;
        *) hocket=$1; shift ;;
    esac
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hocket-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$bench/build.sh" "$scratch"
PYTHONPATH=$bench PYTHONDONTWRITEBYTECODE=1 python3 -m driver profile "$hocket" \
    --programs "$scratch" --scratch "$scratch" --seconds "$seconds"
