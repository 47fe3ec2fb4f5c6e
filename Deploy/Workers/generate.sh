#!/bin/sh
# Generates hocket_worker/v1 from Protos/; the result is checked in.
#
#   ./generate.sh           writes the files
#   ./generate.sh --check   only compares, and fails if they are not what Protos/ gives
#
# protoc of Debian 12 (protobuf-compiler 3.21) makes them: its output runs with every release of
# the Python package from 4.21 on, so that the kit fits beside whatever an engine has pinned.
set -eu
cd "$(dirname "$0")"
protos=../../Protos
output=hocket_worker/v1

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
protoc -I "$protos" --python_out="$made" --descriptor_set_out="$made/descriptors" \
    "$protos"/hocket/v1/*.proto
# The kit is one package, so its messages import each other as neighbours.
sed -i 's/^from hocket\.v1 import/from . import/' "$made"/hocket/v1/*_pb2.py
cat >"$made/hocket/v1/__init__.py" <<END
"""The messages of the wire. Generated from Protos/ by generate.sh, do not edit."""

# The first eight bytes of the SHA-256 of the descriptor set.
SCHEMA_FINGERPRINT = 0x$(sha256sum "$made/descriptors" | cut -c 1-16)
END

if [ "${1:-}" = --check ]; then
    diff --brief --recursive --exclude=__pycache__ "$made/hocket/v1" "$output"
else
    rm -rf "$output"
    mv "$made/hocket/v1" "$output"
fi
