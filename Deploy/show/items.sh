# Sourced by the scripts beside it: runs the items that are named, or all, each under its heading.

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. Deploy/lib/packages.sh

export HOCKET_BINARY=${HOCKET_BINARY:-$PWD/.build/release/hocket}
if [ ! -x "$HOCKET_BINARY" ]; then
    echo "no program at $HOCKET_BINARY: swift build -c release --product hocket" >&2
    exit 1
fi
require_packages python3 python3-venv
require_python_environment .venv-tests Tests/EndToEnd/python/requirements.txt \
    Deploy/Workers/requirements.txt
require_python_environment .venv-mcp Tests/HocketMCPTests/Servers/requirements.txt

# Runs a Python program or module beside the tests.
in_tests() {
    (cd Tests/EndToEnd/python \
        && PYTHONPATH=$OLDPWD/Deploy/Workers "$OLDPWD/.venv-tests/bin/python" "$@")
}

# Runs tests, which say themselves what they measured.
run_tests() { in_tests -m pytest --quiet "$@"; }

# Runs the items that are named, or all that there are.
show() {
    local all=$1 item status=0
    shift
    [ $# -gt 0 ] || set -- $all
    for item in "$@"; do
        case " $all " in
            *" $item "*) ;;
            *) echo "no item '$item': $all" >&2; return 2 ;;
        esac
        printf '\n== %s\n' "$item"
        "show_$item" || { status=1; printf '== %s failed\n' "$item"; }
    done
    return $status
}
