#!/usr/bin/env bash
# Runs the suites under the sanitizers that can find something in them:
#
#   Deploy/sanitize.sh            both
#   Deploy/sanitize.sh thread     data races, where event loops, tasks and threads meet
#   Deploy/sanitize.sh address    memory errors, where Swift touches C memory
#
# Builds only those suites and what they need, each sanitizer in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. Deploy/lib/packages.sh

require_packages libprotobuf-c-dev libsqlite3-dev pkg-config
require_swift

# All at once, tests that are five times as slow starve each other until time limits end them.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4

# Runs suites one after the other, each with the machine to itself: what is sanitized is slow, and
# many of the tests wait for one another.
run() {
    local sanitizer=$1 suites=$2 suite
    local options=(--quiet "--sanitize=$sanitizer" --scratch-path ".build-$sanitizer")
    export HOCKET_TEST_TARGETS=$suites
    swift build --build-tests "${options[@]}"
    for suite in ${suites//,/ }; do
        printf '\n-- %s sanitizer: %s\n' "$sanitizer" "$suite"
        # Fuzzed conversations and simulations are long, and run on one thread.
        swift test "${options[@]}" --skip-build --filter "$suite" \
            --skip 'Fuzz|BridgeSimulation|BrokenRule|RollingSwap'
    done
}

sanitizers=${1:-thread address}
for sanitizer in $sanitizers; do
    case $sanitizer in
        thread)
            export TSAN_OPTIONS="suppressions=$PWD/Deploy/lib/thread-sanitizer.txt"
            run thread \
                HocketCaptureTests,HocketHTTPTests,HocketResponsesTests,HocketTransportTests
            ;;
        address)
            # Leaks are not looked for: a reference with a tag in its spare bits looks like one.
            export ASAN_OPTIONS=detect_leaks=0
            run address HarmonyTests,HocketWireTests
            ;;
        *) echo "no sanitizer '$sanitizer': thread, address" >&2; exit 2 ;;
    esac
done
