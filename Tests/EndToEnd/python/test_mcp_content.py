"""What tools answer beside text, and streams that wait for a tool."""

import pytest

from tool_servers import MODEL, ToolBench, answer, call
from transcript import Transcript, parse

# Longer than a stream is silent.
SECONDS = 17


@pytest.fixture
def bench():
    bench = ToolBench()
    yield bench
    bench.stop()


def stream(bench, connect, *rounds: str) -> tuple[list[str], dict]:
    """The lines of a stream, and its response."""
    server = bench.server()
    bench.model(*rounds)
    with connect(bench.router).responses.with_streaming_response.create(
        model=MODEL, input="Do it.", tools=[server.tool()], stream=True
    ) as response:
        lines = list(response.iter_lines())
    return lines, Transcript(parse(lines)).response


def test_a_picture_is_described(bench, connect):
    _, response = stream(bench, connect, call("picture"), answer("It is small."))
    called = response["output"][1]
    assert called["status"] == "completed"
    assert "image/png" in called["output"]
    assert "iVBOR" not in called["output"], "bytes say nothing to the model"


def test_progress_delays_nothing_and_is_no_output(bench, connect):
    _, response = stream(bench, connect, call("progress", steps=5), answer("Done."))
    assert response["output"][1]["output"] == "5 steps"


def test_a_stream_is_kept_alive_while_a_tool_runs(bench, connect):
    lines, response = stream(bench, connect, call("slow", seconds=SECONDS), answer("At last."))
    assert response["output"][1]["output"] == "done"
    comments = [index for index, line in enumerate(lines) if line.startswith(":")]
    assert comments, "nothing came for so long"
    before = [line for line in lines[: comments[0]] if line.startswith("event: ")]
    assert before[-1] == "event: response.mcp_call_arguments.done"
