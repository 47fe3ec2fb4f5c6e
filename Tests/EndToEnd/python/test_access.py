"""Who may ask: API keys from a file, which are never told to anybody."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from processes import MODEL, Process, Router, binary, free_port

SENTENCE = "Say something."


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hocket-") as folder:
        yield Path(folder)


def ask(router: Router, key: str) -> openai.types.responses.Response:
    client = openai.OpenAI(base_url=router.url, api_key=key, max_retries=0, timeout=60)
    return client.responses.create(model=MODEL, input=SENTENCE)


def test_a_key_lets_in_and_is_never_shown(folder):
    keys = folder / "keys"
    keys.write_text("# team\nfirst-secret\nsecond-secret\n")
    keys.chmod(0o644)
    router = Router(folder, "--api-keys", str(keys))
    try:
        router.simulated_worker(MODEL, "--tokens-per-second", "2000")
        assert ask(router, "first-secret").status == "completed"
        assert ask(router, "second-secret").status == "completed"
        with pytest.raises(openai.AuthenticationError) as refused:
            ask(router, "third-secret")
        assert refused.value.code == "invalid_api_key"
        assert refused.value.response.headers["www-authenticate"] == "Bearer"
        assert "others may read the API keys" in router.process.output
        assert "secret" not in router.process.output
    finally:
        router.stop()


@pytest.mark.parametrize("address", ["0.0.0.0", "[::]"])
def test_without_keys_other_machines_are_not_served(folder, address):
    process = Process(
        binary(), "serve", "--http", f"{address}:{free_port()}", log=folder / "router.log"
    )
    deadline = time.monotonic() + 30
    while process.is_running and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not process.is_running
    assert "--api-keys" in process.output
    assert process.stop() != 0


