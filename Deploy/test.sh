#!/usr/bin/env bash
# Installs what the tests need and runs them all: the Swift suites, the worker kit's, and the real
# clients and workers against the built binary.
#
#   Deploy/test.sh
#
# Needs a Debian machine with Swift; no GPU, and no network beyond the package registries.
set -euo pipefail
cd "$(dirname "$0")/.."
. Deploy/lib/packages.sh

# The C kit's example is compiled, and a worker is written from the .proto files, by the tests.
require_packages gcc libprotobuf-c-dev libsqlite3-dev openssl pkg-config protobuf-compiler python3 \
    python3-venv
require_swift
require_python_environment .venv-tests Tests/EndToEnd/python/requirements.txt \
    Deploy/Workers/requirements.txt
# Two generations of the MCP SDK, which cannot live in one environment.
require_python_environment .venv-mcp Tests/HocketMCPTests/Servers/requirements.txt
require_python_environment .venv-mcp-sessions \
    Tests/HocketMCPTests/Servers/requirements-sessions.txt

swift build --build-tests --explicit-target-dependency-import-check error
# All at once, a thousand tests starve each other until time limits end them.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8
# The check of workers times them, and must not share the machine with a thousand other tests.
swift test --skip-build --skip HocketConformanceTests
swift test --skip-build --filter HocketConformanceTests

export HOCKET_BINARY HOCKET_TINY_MODEL
HOCKET_BINARY=$(swift build --show-bin-path)/hocket
HOCKET_TINY_MODEL=$PWD/.build/tiny-gpt-oss
python=$PWD/.venv-tests/bin/python
[ -e "$HOCKET_TINY_MODEL/config.json" ] \
    || (cd Deploy/Workers && "$python" tiny_gpt_oss/train.py --output "$HOCKET_TINY_MODEL")
(cd Deploy/Workers && "$python" -m pytest --quiet tests)
(cd Tests/EndToEnd/python && "$python" -m pytest --quiet --ignore clients)
Deploy/test-clients.sh
