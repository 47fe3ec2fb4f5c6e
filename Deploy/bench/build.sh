#!/usr/bin/env bash
# Compiles the load worker, the load client and the limit server into a folder: build.sh FOLDER
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
wire=$bench/../../Sources/CHocketWire
output=$(cd "${1:?usage: build.sh FOLDER}" && pwd)
flags=(-std=gnu17 -O2 -Wall -Wextra -D_GNU_SOURCE -isystem "$wire/include")

compile() {
    local program=$1
    shift
    (cd "$bench/load" && "${CC:-cc}" "${flags[@]}" "$program.c" "$@" -o "$output/$program")
}

# Generated code is not ours to keep free of warnings.
for schema in connection generation status; do
    "${CC:-cc}" "${flags[@]}" -w -c "$wire/hocket/v1/$schema.pb-c.c" -o "$output/$schema.o"
done

common=(sockets.c options.c)
compile limit-server "${common[@]}"
compile load-client response.c chunks.c timelog.c "${common[@]}"
compile load-worker limit-link.c hocket-link.c hello.c frames.c answer-tokens.c timelog.c \
    "${common[@]}" "$output/connection.o" "$output/generation.o" "$output/status.o" -lprotobuf-c
