"""The words and settings of a kit: its README, its ``course.toml``, what git leaves out, and a workflow that checks every push."""

from __future__ import annotations

import json
from collections.abc import Sequence

from grader import __version__
from grader.catalog import KIT_FORMAT, Course, Exercise

GITIGNORE = "__pycache__/\n*.py[cod]\n.ipynb_checkpoints/\n.venv/\n.layerwise/\n"

WORKFLOW_PATH = ".github/workflows/check.yml"
WORKFLOW = f"""name: check
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install "layerwise=={__version__}"
      # Annotations beside the code, and the scorecard in the summary of the run.
      - run: grade check --format github
"""


def render_settings(course: Course, exercises: Sequence[Exercise]) -> str:
    """The ``course.toml`` of a kit: what is public of the course's own. No seed, no weights, no deadlines."""
    lines = [
        f"name = {_toml(course.name)}",
        f"title = {_toml(course.title)}",
        f"version = {_toml(course.version)}",
        "",
        "[kit]",
        f"format = {KIT_FORMAT}",
        f"course = {_toml(course.digest)}",
        "",
        "[layout]",
        *(f"{exercise.name} = {_toml(list(exercise.paths))}" for exercise in exercises),
        "",
        "[sandbox]",
        f"modules = {_toml(list(course.modules))}",
    ]
    return "\n".join(lines) + "\n"


def _toml(value: str | list[str]) -> str:
    # Text and lists of text are written alike in both, once no character is written as two surrogates.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def render_readme(course: Course, exercises: Sequence[Exercise], *, checks: int, weaker: Sequence[str], template: bool) -> str:
    """What students read first."""
    lines = [
        f"# {course.title or course.name}",
        "",
        "You need Python 3.11 or newer. Install Layerwise once:",
        "",
        "```sh",
        f'python -m pip install "layerwise=={__version__}"',
        "```",
        "",
        "Then write the functions, and check them in this folder as often as you like:",
        "",
        "```sh",
        "grade check",
        "```",
        "",
        *(f"- `{exercise.paths[0]}`: {exercise.title}" for exercise in exercises),
        "",
        "`grade show EXERCISE` says what is required, `grade hint` helps with the first thing to correct, and `grade check --watch` checks",
        "again whenever you save. Leave `kit/` as it is, and hand in the rest.",
        *(["Every push is checked too: see the tab Actions."] if template else []),
        "",
        f"Here {checks} public checks are run, each worth one point or more. The course has more checks, which are run when you hand in:",
        "all green here does not mean full marks yet. Your mistakes, too, are named only in what you hand in.",
    ]
    if weaker:
        verb = "judges" if len(weaker) == 1 else "judge"
        lines += ["", f"{len(weaker)} of {checks} public checks {verb} less here than in the course:", "", *(f"- {one}" for one in weaker)]
    return "\n".join(lines) + "\n"
