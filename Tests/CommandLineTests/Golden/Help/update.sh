#!/usr/bin/env bash
# Writes what each command's --help says now, for somebody to read before it is kept. A new command
# needs an empty file first: its words with underscores between them.
#
#   Tests/CommandLineTests/Golden/Help/update.sh [HOCKET]      default: .build/debug/hocket
set -euo pipefail
hocket=$(realpath "${1:-.build/debug/hocket}")
cd "$(dirname "$0")"
for file in *.txt; do
    IFS=_ read -ra words <<< "${file%.txt}"
    "$hocket" "${words[@]:1}" --help > "$file" < /dev/null
done
