"""The tutorial for authors is true: its commands are run as they stand, and print what it says they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:<!-- append to (?P<path>\S+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)```\n", re.DOTALL)
ANYTHING = "…"


@dataclass(frozen=True)
class Step:
    """A block of the page: what is added to a file, or commands with what they print."""

    path: str | None
    language: str
    text: str


STEPS = [Step(found["path"], found["language"], found["text"]) for found in BLOCK.finditer(PAGE)]


def shell(command, folder):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "PYTHON": sys.executable}
    environment.pop("COURSE_SEED", None)
    script = f'grade() {{ "$PYTHON" -m grader "$@"; }}\npython3() {{ "$PYTHON" "$@"; }}\n{command}'
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == "", command
    return done.stdout


def pattern(printed):
    """What a page shows as a regular expression: a line of its own with an ellipsis stands for any lines."""
    lines = ["(?:.*\n)*" if line == ANYTHING else re.escape(line) + "\n" for line in printed.splitlines()]
    return "".join(lines)


@pytest.mark.skipif(sys.platform != "linux", reason="the page is written in the shell of Linux, with its sandbox")
def test_the_tutorial_can_be_followed_to_the_letter(tmp_path):
    commands = 0
    for step in STEPS:
        if step.path:
            with (tmp_path / step.path).open("a", encoding="utf-8") as file:
                file.write("\n\n" + step.text)
        elif step.language == "console":
            for part in re.split(r"^\$ ", step.text, flags=re.MULTILINE)[1:]:
                command, _newline, printed = part.partition("\n")
                out = shell(command, tmp_path)
                assert re.fullmatch(pattern(printed), out), f"{command}\n{out}"
                commands += 1

    assert commands > 15


def test_every_other_piece_of_code_on_the_page_stands_in_the_example():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "examples").rglob("*") if path.suffix in (".py", ".toml")]
    pieces = [step.text for step in STEPS if not step.path and step.language != "console"]

    assert len(pieces) >= 8
    assert [piece for piece in pieces if not any(piece in text for text in texts)] == []
