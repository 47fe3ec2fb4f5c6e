#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: run.sh [options] [HOCKET]

Measures a built router beside a minimal C server on the same arrivals, and prints a table:
tokens a second, CPU a token of both and their ratio, latency that the router adds, resident
memory, time to start. README.md says how to read it.

HOCKET is the program to measure; without it HOCKET_BINARY, or .build/release/hocket.

  --quick         one repeat of shorter rows: about two minutes, and noisier
  --repeats N     rounds of each row, of which the median is printed (3)
  --seconds S     length of a paced round (4)
  --only TEXT     only rows whose name contains TEXT: "flat", "256", "32 x 50/s"
  --json FILE     the figures as JSON too; - for standard output

HOCKET_SERVE_ARGUMENTS is added to the command line of `hocket serve`; CC names the C compiler.
Needs a C compiler, libprotobuf-c with its headers, and Python 3.9. Everything listens on
loopback or in a temporary folder, which is removed at the end; nothing else is written.
TEXT
}

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
hocket=${HOCKET_BINARY:-$bench/../../.build/release/hocket}
options=()
while (($# > 0)); do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --quick) options+=(--repeats 1 --seconds 2); shift ;;
        --repeats | --seconds | --only | --json)
            options+=("$1" "${2:?$1 needs a value}")
            shift 2
            ;;
        -*) usage >&2; exit 2 ;;
        *) hocket=$1; shift ;;
    esac
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hocket-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$bench/build.sh" "$scratch"
PYTHONPATH=$bench PYTHONDONTWRITEBYTECODE=1 python3 -m driver measure "$hocket" \
    --programs "$scratch" --scratch "$scratch" "${options[@]}"
