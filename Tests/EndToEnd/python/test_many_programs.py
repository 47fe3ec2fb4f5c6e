"""Programs of tool servers by the hundred, started by the router and killed: nothing of them stays."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from processes import MODEL
from tool_servers import ToolBench

PROGRAM = Path(__file__).with_name("light_server.sh")
# Deploy/show starts a thousand.
PROGRAMS = int(os.environ.get("HOCKET_PROGRAMS", "100"))
CLIENTS = 8
# Of those that the test does not kill, the router ends the ones used longest ago.
SESSIONS = 16


@pytest.fixture
def router():
    servers = {f"s{number}": {"command": str(PROGRAM)} for number in range(PROGRAMS)}
    bench = ToolBench({"mcpServers": servers, "limits": {"sessions": SESSIONS}})
    bench.router.simulated_worker(MODEL, "--tokens-per-second", "5000")
    yield bench.router
    bench.stop()


def children(parent: int) -> dict[int, str]:
    """The state of each child of a process; `Z` is a zombie."""
    states = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent_id = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent_id) == parent:
            states[int(stat.parent.name)] = state
    return states


def kill(process_id: int) -> None:
    try:
        os.kill(process_id, signal.SIGKILL)
    except ProcessLookupError:
        pass  # The router was faster.


def test_programs_that_are_killed_leave_no_zombie_and_no_descriptor(router, connect, tell):
    parent = router.process.id

    def use(number: int) -> int:
        tool = {"type": "mcp", "server_label": f"s{number}", "require_approval": "never"}
        with connect(router) as client:
            response = client.responses.create(
                model=MODEL, input="What is the name?", tools=[tool], store=False
            )
        (call,) = [item for item in response.output if item.type == "mcp_call"]
        process_id = int(call.output.removeprefix("process "))
        if number % 2:
            kill(process_id)
        return process_id

    use(0)
    for process_id in children(parent):
        kill(process_id)
    router.process.wait_until(lambda: not children(parent), "rid of the first program")
    before = router.process.descriptors
    with ThreadPoolExecutor(CLIENTS) as pool:
        started = set(pool.map(use, range(1, PROGRAMS)))
    assert len(started) == PROGRAMS - 1
    for process_id in children(parent):
        kill(process_id)
    router.process.wait_until(lambda: not children(parent), "rid of all programs")
    router.process.wait_until(lambda: router.process.descriptors <= before, "rid of descriptors")
    zombies = sum(state == "Z" for state in children(parent).values())
    tell(
        f"{PROGRAMS} programs of tool servers started and killed: {zombies} zombies, "
        f"{before} descriptors before, {router.process.descriptors} after"
    )
