#!/usr/bin/env bash
# Installs what is missing, builds Hocket, starts the demo, streams one answer and stops it again.
#
#   Deploy/demo.sh [PROMPT]
#
# Environment: PORT (8080).
set -euo pipefail
cd "$(dirname "$0")/.."
. Deploy/lib/packages.sh

prompt=${1:-"Sing one melody with three voices."}
port=${PORT:-8080}

require_packages libprotobuf-c-dev libsqlite3-dev pkg-config curl
require_swift
swift build -c release --static-swift-stdlib --product hocket
hocket=$(swift build -c release --static-swift-stdlib --show-bin-path)/hocket

"$hocket" demo --port "$port" &
demo=$!
trap 'kill "$demo" 2>/dev/null; wait "$demo" 2>/dev/null || true' EXIT
curl --silent --output /dev/null --retry 50 --retry-delay 1 --retry-all-errors --fail \
    "http://127.0.0.1:$port/readyz"

body=$(printf '%s' "$prompt" | sed 's/\\/\\\\/g; s/"/\\"/g')
curl --silent --show-error --no-buffer "http://127.0.0.1:$port/v1/responses" \
    --header 'Content-Type: application/json' \
    --data "{\"model\": \"simulated-gpt-oss\", \"input\": \"$body\", \"stream\": true}"

echo
echo "To keep the demo running: $hocket demo --port $port"
