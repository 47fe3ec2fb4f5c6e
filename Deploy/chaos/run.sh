#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: run.sh [options] [HOCKET]

Streams responses through a router while its workers are killed and replaced, and counts what
became of every request. README.md says what each count means. Exits with 1 if there are problems:
a stream that hung or broke a rule, a token that was lost or came twice, a failure that no kill
explains or that was told late, a replaced worker that did not end well, or, with --kill-every 0,
any request that was not completed.

HOCKET is the program to test; without it HOCKET_BINARY, or .build/release/hocket.

  --requests N       how many responses in all (10000)
  --concurrency N    how many at a time (64)
  --workers N        how many simulated workers (4)
  --speed N          tokens a second of each stream (150)
  --kill-every S     seconds between two workers killed with SIGKILL; 0 for never (1)
  --replace-every S  seconds between two workers replaced by a new generation; 0 for never (2)
  --seed N           which workers are chosen (1)
  --json FILE        the counts as JSON too; - for standard output

Needs Python 3.9. Everything listens on loopback or in a temporary folder, which is removed at
the end.
TEXT
}

chaos=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
hocket=${HOCKET_BINARY:-$chaos/../../.build/release/hocket}
options=()
while (($# > 0)); do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --*)
            options+=("$1" "${2:?$1 needs a value}")
            shift 2
            ;;
        *) hocket=$1; shift ;;
    esac
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hocket-chaos.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
# Streams are held to the grammar of the tests.
PYTHONPATH=$chaos:$chaos/../../Tests/EndToEnd/python PYTHONDONTWRITEBYTECODE=1 python3 -m driver "$hocket" "$scratch" \
    "${options[@]}"
