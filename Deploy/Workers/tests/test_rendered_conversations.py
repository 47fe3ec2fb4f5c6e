import subprocess
import sys
from pathlib import Path

RENDER = Path(__file__).parent.parent / "tiny_gpt_oss" / "render.py"


def test_the_committed_token_ids_are_what_the_reference_renders():
    subprocess.run([sys.executable, RENDER, "--check"], check=True)
