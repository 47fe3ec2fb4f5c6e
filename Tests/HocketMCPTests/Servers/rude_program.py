"""A tool server on standard input and output that behaves badly in the way that it is told."""

import json
import os
import signal
import subprocess
import sys
import time

behaviour = sys.argv[1]


def say(message):
    print(json.dumps(message), flush=True)


def answer(request, text):
    say({"jsonrpc": "2.0", "id": request["id"], "result": {"content": [{"type": "text", "text": text}]}})


if behaviour == "exit-at-once":
    sys.exit(3)
if behaviour == "ignore-sigterm":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if behaviour == "child":
    # It would outlive its parent, holding the pipes open.
    child = subprocess.Popen(["sleep", "1000"])
if behaviour == "flood-log":
    sys.stderr.write("flood\n" * 5000)
    sys.stderr.flush()
if behaviour == "noise":
    print("Welcome to the server!\n{not json}", flush=True)

for line in sys.stdin:
    request = json.loads(line)
    method = request.get("method")
    if behaviour == "die-of-probe" and method == "server/discover":
        os._exit(1)
    elif behaviour == "stuck" and not os.path.exists(sys.argv[2]):
        # Only the first run of it is.
        open(sys.argv[2], "w").close()
        time.sleep(1000)
    elif behaviour == "silent-probe" and method == "server/discover":
        pass
    elif method == "server/discover":
        if behaviour == "sessions":
            say({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32602, "message": "no"}})
        else:
            say({"jsonrpc": "2.0", "id": request["id"], "result": {"supportedVersions": ["2026-07-28"]}})
    elif method == "initialize":
        result = {"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {}}
        say({"jsonrpc": "2.0", "id": request["id"], "result": result})
    elif method == "notifications/cancelled":
        sys.stderr.write(f"cancelled {request['params']['requestId']}\n")
        sys.stderr.flush()
    elif method == "tools/call":
        if behaviour == "hang" or behaviour == "ignore-sigterm":
            continue
        if behaviour == "close-output":
            sys.stdout.close()
            os.close(1)
            time.sleep(1000)
        if behaviour == "wrong-id":
            say({"jsonrpc": "2.0", "id": 99999, "result": {}})
        if behaviour == "huge-line":
            print("[" + "1," * (3 << 20), flush=True)
        if behaviour == "child":
            answer(request, str(child.pid))
        else:
            answer(request, str(os.getpid()))

if behaviour == "ignore-sigterm":
    time.sleep(1000)
