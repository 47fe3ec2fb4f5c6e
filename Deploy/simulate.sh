#!/usr/bin/env bash
# Simulates the bridge from requests to engines under faults that are drawn from seeds, and checks
# after each turn what must be so:
#
#   Deploy/simulate.sh             2,000 seeds
#   Deploy/simulate.sh --seeds N   so many
#   Deploy/simulate.sh --seed S    one, and prints what happened, frame by frame
#
# Prints the seeds run, the turns taken, the time, and the slowest seed. Exits with 1 if anything
# was not as it must be; the seed that it names replays it.
set -euo pipefail
cd "$(dirname "$0")/.."
. Deploy/lib/packages.sh

case ${1:---seeds} in
    --seeds) export HOCKET_SEEDS=${2:-2000} ;;
    --seed) export HOCKET_SEED=${2:?--seed needs a number} ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

require_packages libprotobuf-c-dev libsqlite3-dev pkg-config
require_swift

# No more is built than is run.
export HOCKET_TEST_TARGETS=HocketTransportTests
swift build --quiet --build-tests
swift test --skip-build --filter BridgeSimulationTests.invariantsHold
