#!/usr/bin/env bash
# Shows what is promised of the HTTP side: api.sh [clients grammar kill parameters requests]
set -euo pipefail
. "$(dirname "$0")/items.sh"

show_clients() { Deploy/test-clients.sh; }
show_grammar() { in_tests mutations.py; }
show_kill() { run_tests test_stored.py -k everything_that_it_acknowledged; }
show_parameters() { in_tests show_parameters.py && run_tests test_parameters.py test_special_parameters.py; }
show_requests() { Deploy/bench/requests.sh "$HOCKET_BINARY"; }

show "clients grammar kill parameters requests" "$@"
