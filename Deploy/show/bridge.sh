#!/usr/bin/env bash
# Shows what is promised of the workers' side: bridge.sh [chaos swap speed fuzz]
set -euo pipefail
. "$(dirname "$0")/items.sh"

show_chaos() { Deploy/chaos/run.sh "$HOCKET_BINARY"; }
show_swap() { Deploy/chaos/run.sh --requests 2000 --kill-every 0 --replace-every 1 "$HOCKET_BINARY"; }
show_speed() { Deploy/bench/bridge.sh; }
show_fuzz() { Deploy/fuzz.sh; }

show "chaos swap speed fuzz" "$@"
