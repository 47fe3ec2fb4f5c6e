#!/usr/bin/env bash
# Builds a hocket that can be copied to another machine of the same Debian release as one file: the
# Swift runtime, protobuf-c and SQLite are linked into it. What is not, the libraries of C and C++ and
# zlib, is printed at the end.
#
#   Deploy/release.sh [FILE]      default: .build/hocket
set -euo pipefail
cd "$(dirname "$0")/.."
. Deploy/lib/packages.sh

require_packages binutils libprotobuf-c-dev libsqlite3-dev pkg-config
require_swift

# The linker takes a shared library where a folder has both. pkg-config is told of a folder that has
# archives alone, which leaves it no choice.
archives=$PWD/.build/archives
mkdir -p "$archives"
for package in libprotobuf-c sqlite3; do
    ln -sf "$(pkg-config --variable=libdir "$package")/lib${package#lib}.a" "$archives/"
    sed "s|^libdir=.*|libdir=$archives|" \
        "$(pkg-config --variable=pcfiledir "$package")/$package.pc" > "$archives/$package.pc"
done
export PKG_CONFIG_PATH=$archives
swift build --configuration release --product hocket --static-swift-stdlib

file=${1:-.build/hocket}
# A third of it is for debuggers alone; what names functions in crash reports stays.
strip --strip-debug -o "$file" "$(swift build --configuration release --show-bin-path)/hocket"
ldd "$file" | awk '{ print $1 }'
ls -l --human-readable "$file"
