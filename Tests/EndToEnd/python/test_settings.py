"""Where settings come from: a flag wins over the environment, the environment over the file."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import binary, free_port


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


def folders(folder: Path) -> dict[str, str]:
    return {"XDG_RUNTIME_DIR": str(folder), "XDG_STATE_HOME": str(folder)}


def port_served(folder: Path, *flags: str, **variables: str) -> int:
    """Starts a router and returns the port it says that it listens on."""
    process = subprocess.Popen(
        [binary(), "serve", *flags],
        env=os.environ | folders(folder) | variables,
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        for line in process.stderr:
            if "http=127.0.0.1:" in line:
                return int(line.split("http=127.0.0.1:")[1].split()[0])
        raise AssertionError("the router does not listen")
    finally:
        process.terminate()
        assert process.wait(20) == 0
        process.stderr.close()


def config(folder: Path, **settings: object) -> str:
    path = folder / "config.json"
    path.write_text(json.dumps({"hocket": settings}))
    return str(path)


def test_a_flag_wins_over_the_environment_and_that_over_the_file(folder):
    file, variable, flag = free_port(), free_port(), free_port()
    path = config(folder, http=f"127.0.0.1:{file}")
    assert port_served(folder, "--config", path) == file
    environment = {"HOCKET_HTTP": f"127.0.0.1:{variable}"}
    assert port_served(folder, "--config", path, **environment) == variable
    flags = ("--config", path, "--http", f"127.0.0.1:{flag}")
    assert port_served(folder, *flags, **environment) == flag


def refusal(folder: Path, *flags: str, **variables: str) -> str:
    result = subprocess.run(
        [binary(), "serve", *flags],
        env=os.environ | folders(folder) | variables,
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert result.returncode not in (0, None)
    return result.stderr


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.org:0"])
def test_an_address_that_other_machines_reach_is_refused_wherever_it_stands(folder, address):
    words = "reachable from other machines"
    assert words in refusal(folder, "--http", address)
    assert words in refusal(folder, HOCKET_HTTP=address)
    assert words in refusal(folder, "--config", config(folder, http=address))


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--http", "nonsense"), "--http is HOST:PORT or unix:PATH"),
        (("--drain-timeout", "0"), "--drain-timeout is at least 1, not 0"),
        (("--threads", "0"), "--threads is at least 1, not 0"),
        (("--response-timeout=-1",), "--response-timeout is 0 to"),
        (("--head-timeout", "9999999999"), "--head-timeout is at most"),
        (("--store-days-max", "99999"), "--store-days-max is at most 36500"),
        (("--background-max", "0"), "--background-max is at least 1"),
        (("--log-level", "loud"), "is no log level"),
        (("--config", "/nonexistent/config.json"), "/nonexistent/config.json"),
        (("--otlp-endpoint", "127.0.0.1:4318"), "--otlp-endpoint is http:// or https://"),
        (("--trace-ratio", "1.5"), "--trace-ratio is a number from 0 to 1, not 1.5"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_reason(folder, flags, words):
    assert words in refusal(folder, *flags)


def test_a_file_that_holds_no_key_of_reasoning_is_refused(folder):
    (folder / "hocket").mkdir()
    (folder / "hocket" / "reasoning.key").write_bytes(b"too short")
    message = refusal(folder, "--http", f"127.0.0.1:{free_port()}")
    assert "reasoning.key holds no key (expected: 32 bytes, actual: 9)" in message


def test_a_collector_with_a_secret_is_refused_without_quoting_it(folder):
    message = refusal(folder, HOCKET_OTLP_ENDPOINT="http://user:secret@127.0.0.1:4318")
    assert "--otlp-endpoint is http:// or https://" in message
    assert "secret" not in message
