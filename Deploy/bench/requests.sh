#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: requests.sh [options] [HOCKET]

Measures what a request costs apart from its tokens: conversations of some 2,000 tokens, which are
rendered and tokenized, each answered by one word at once. Prints processor time a request and
latency, of one request after the other over one connection.

HOCKET is the program to measure; without it HOCKET_BINARY, or .build/release/hocket.

  --requests N                 requests in a turn (300)
  --repeats N                  turns of each server, of which the median is printed (3)
  --beside NAME=PORT,PID,MODEL another server of the Responses API, already running on this
                               machine, which takes turns with the router; may be repeated
  --ask TEXT                   the last message of each conversation, for a server whose model
                               must be told what to answer

Needs Python 3.9.
TEXT
}

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
hocket=${HOCKET_BINARY:-$bench/../../.build/release/hocket}
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

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hocket-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
PYTHONPATH=$bench PYTHONDONTWRITEBYTECODE=1 python3 -m driver.requests "$hocket" \
    --scratch "$scratch" "${options[@]}"
