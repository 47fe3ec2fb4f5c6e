"""Prints the events of a response of two tool servers and three rounds, as they are on the wire."""

import contextlib
import io

import openai

from tool_servers import MODEL, ToolBench, answer, call
from transcript import Transcript, parse


def main() -> None:
    bench = ToolBench()
    try:
        one, two = bench.server("one"), bench.server("two")
        bench.model(call("one__add", a=2, b=40), call("two__whoami"), answer("42, says two."))
        client = openai.OpenAI(base_url=bench.router.url, api_key="none", max_retries=0)
        with client.responses.with_streaming_response.create(
            model=MODEL,
            input="What is 2 + 40, and who is there?",
            tools=[one.tool(), two.tool()],
            stream=True,
        ) as response:
            lines = list(response.iter_lines())
    finally:
        # What the processes wrote is of no interest here.
        with contextlib.redirect_stdout(io.StringIO()):
            bench.stop()
    Transcript(parse(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
