"""What each answer must be: the simulated model's, with the number of its request in it."""

from typing import Optional

from .client import Answer, ask


class Expectation:
    """Learnt from one answer while nothing happens to the workers."""

    def __init__(self, answer: Answer) -> None:
        if answer.outcome != "completed" or input_text(0) not in answer.text:
            raise RuntimeError(f"a calm request failed: {answer}")
        self._answer = answer
        self._tokens = answer.terminal["response"]["usage"]["output_tokens"]

    @staticmethod
    async def learn(port: int) -> "Expectation":
        return Expectation(await ask(port, request(0)))

    def fault(self, number: int, answer: Answer) -> Optional[str]:
        """What is wrong with a completed answer, or with as much as came of another."""
        text = self._answer.text.replace(input_text(0), input_text(number))
        if answer.outcome != "completed":
            begun = self._answer.reasoning.startswith(answer.reasoning)
            return None if begun and text.startswith(answer.text) else "a wrong beginning"
        tokens = answer.terminal["response"]["usage"]["output_tokens"]
        if (answer.reasoning, answer.text) != (self._answer.reasoning, text):
            return "another text"
        return None if tokens == self._tokens else f"{tokens} tokens instead of {self._tokens}"


def input_text(number: int) -> str:
    """As long for every number, in bytes and in tokens."""
    return f"request {number:06d}"


def request(number: int) -> dict:
    return {
        "model": "simulated-gpt-oss",
        "input": input_text(number),
        "stream": True,
        "store": False,
    }
