"""What the tests of clients ask for: tools, and shapes of answers."""

from typing import Literal

from pydantic import BaseModel, Field


class Voice(BaseModel):
    name: str
    pitch: Literal["soprano", "alto", "bass"]


class Song(BaseModel):
    """A song for several voices."""

    title: str
    bars: int = Field(ge=8, le=64)
    voices: list[Voice] = Field(min_length=1)
    dedication: str | None


class Tune(BaseModel):
    """Write a song."""

    title: str
    bars: int
    style: Literal["slow", "fast"] = "slow"


WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Tells the weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "Where."},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        },
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": False,
}
CLOCK = {
    "type": "function",
    "name": "get_local_time",
    "description": "Tells the time in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}
# A worker that keeps to exact arguments makes one call in a turn; of these it may make several.
LOOSE_CLOCK = CLOCK | {"strict": False}
ASK_WEATHER = "What is the weather in Paris?"
ASK_BOTH = "What are the weather and the local time in Paris?"
ASK_SONG = 'Write a song called "The Sea" with 16 bars for a bass.'
RESULT = "17 degrees and a light breeze"


def chat_tool(tool: dict) -> dict:
    function = {name: value for name, value in tool.items() if name != "type"}
    return {"type": "function", "function": function}
