#!/usr/bin/env bash
# Shows what is promised of tool servers: tools.sh [loop approval kills programs memory addresses built-in]
set -euo pipefail
. "$(dirname "$0")/items.sh"

show_loop() { in_tests show_loop.py; }
show_approval() { run_tests test_mcp_approval.py; }
show_kills() { run_tests test_mcp_kills.py; }
show_programs() { HOCKET_PROGRAMS=1000 run_tests test_many_programs.py; }
show_memory() { run_tests test_mcp_failures.py -k fifty_megabytes; }
show_built-in() { run_tests test_built_in_tools.py; }
show_addresses() { run_tests test_mcp_failures.py -k addresses; }

show "loop approval kills programs memory addresses built-in" "$@"
