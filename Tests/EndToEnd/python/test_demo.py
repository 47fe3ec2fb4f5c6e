import pytest

from processes import Process, Server, binary, free_port
from transcript import Transcript


@pytest.fixture
def demo(tmp_path):
    port = free_port()
    process = Process(
        binary(), "demo", "--port", str(port), "--model", "little-demo", log=tmp_path / "demo.log"
    )
    server = Server(port, process)
    server.wait_until_ready()
    yield server
    assert process.stop() == 0


def test_the_demo_answers_and_says_how_to_ask_it(demo, connect):
    assert "curl" in demo.process.output
    assert str(demo.port) in demo.process.output
    client = connect(demo)
    assert [model.id for model in client.models.list()] == ["little-demo"]
    events = client.responses.create(model="little-demo", input="Sing.", stream=True)
    assert Transcript(event.to_dict() for event in events).response["status"] == "completed"
