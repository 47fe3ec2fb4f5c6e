#!/usr/bin/env bash
# Runs programs of real clients against a built hocket, each client in an environment of its own
# in which everything is pinned, and prints how many cases passed.
#
#   Deploy/test-clients.sh [CLIENT...]      all of them, or those named
#
# The program is HOCKET_BINARY, or the debug build of this package.
set -euo pipefail
cd "$(dirname "$0")/.."
. Deploy/lib/packages.sh

require_packages python3 python3-venv
require_python_environment .venv-mcp Tests/HocketMCPTests/Servers/requirements.txt
export HOCKET_BINARY=${HOCKET_BINARY:-$(swift build --show-bin-path)/hocket}

clients=("$@")
[ ${#clients[@]} -gt 0 ] || clients=(openai openai_agents langchain_openai pydantic_ai)
summary=()
status=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for client in "${clients[@]}"; do
    environment=$PWD/.venv-client-$client
    require_python_environment "$environment" "Tests/EndToEnd/python/clients/$client/requirements.txt"
    (cd Tests/EndToEnd/python \
        && "$environment/bin/python" -m pytest --quiet "clients/$client") \
        | tee "$log" || status=1
    summary+=("$(printf '%-18s %s' "$client" "$(tail -1 "$log")")")
done
printf '\nclient             cases\n'
printf '%s\n' "${summary[@]}"
exit $status
