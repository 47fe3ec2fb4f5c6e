#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: fuzz.sh [options] [FUZZER...]

Runs the fuzzers of Sources/Fuzzers, all or those that are named, and prints how often each ran and
what it found. What finds new paths is kept in .build-fuzzer/corpus, so that the next run begins
there; an input that ends a fuzzer is kept beside it. Exits with 1 if there was one.

  --seconds N   how long each runs (60)
  --runs N      how often each runs instead

Needs the fuzzer's runtime, which comes with Swift's own clang.
TEXT
}

cd "$(dirname "$0")/.."
. Deploy/lib/packages.sh
limit=-max_total_time=60
fuzzers=()
while (($# > 0)); do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --seconds) limit=-max_total_time=${2:?--seconds needs a value}; shift 2 ;;
        --runs) limit=-runs=${2:?--runs needs a value}; shift 2 ;;
        -*) usage >&2; exit 2 ;;
        *) fuzzers+=("$1"); shift ;;
    esac
done
[ ${#fuzzers[@]} -gt 0 ] || fuzzers=($(ls Sources/Fuzzers))

require_packages libprotobuf-c-dev libsqlite3-dev pkg-config
require_swift
export HOCKET_FUZZ=1
scratch=.build-fuzzer
options=(-c release --sanitize=fuzzer --disable-dead-strip --scratch-path "$scratch")
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
totals=()
for fuzzer in "${fuzzers[@]}"; do
    swift build --quiet "${options[@]}" --product "$fuzzer"
    mkdir -p "$scratch/corpus/$fuzzer"
    corpora=("$scratch/corpus/$fuzzer")
    # Good first inputs.
    [ "$fuzzer" != FuzzWireFrames ] || corpora+=(Protos/golden/v1)
    found=nothing
    "$(swift build "${options[@]}" --show-bin-path)/$fuzzer" "$limit" -print_final_stats=1 \
        -artifact_prefix="$scratch/$fuzzer-" "${corpora[@]}" >"$log" 2>&1 \
        || { found="$(grep -om1 'ERROR: .*' "$log" || echo 'it ended')"; status=1; }
    stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -1; }
    totals+=("$(printf '%-20s %12s %10s %9s   %s' "$fuzzer" "$(stat number_of_executed_units)" \
        "$(stat average_exec_per_sec)" "$(stat new_units_added)" "$found")")
    [ "$found" = nothing ] || tail -40 "$log" >&2
done
printf '%-20s %12s %10s %9s   %s\n' fuzzer runs 'a second' 'new paths' found
printf '%s\n' "${totals[@]}"
exit $status
