# Sourced by the scripts beside it: checks what they need and installs what is missing.

# Runs a command as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs those of the named Debian packages that are not there yet.
require_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null \
            | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    echo "installing: ${missing[*]}" >&2
    as_root apt-get update --quiet=2
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" >&2
}

# Stops with a word of advice where there is no Swift.
require_swift() {
    command -v swift >/dev/null && return
    echo "Hocket needs Swift 6.3 or newer: see https://www.swift.org/install/linux/" >&2
    exit 1
}

# Makes a Python environment at $1 from the requirements files that follow; fast when it is there.
require_python_environment() {
    local environment=$1 stamp
    shift
    stamp=$(cat "$@" | sha256sum)
    [ "$(cat "$environment/stamp" 2>/dev/null)" = "$stamp" ] && return
    python3 -m venv --clear "$environment"
    local file
    for file in "$@"; do
        "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$file" >&2
    done
    echo "$stamp" > "$environment/stamp"
}
