"""The documentation is true: every command, option and exit code is in it, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.cli import COMMANDS, cli
from grader.errors import ExitCode

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(command):
    assert f"grade {command}" in README


def test_the_readme_names_every_exit_code():
    for code in ExitCode:
        assert f"| {code.value} |" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_that_a_page_shows_is_there(page):
    known = {option for name in COMMANDS for parameter in cli.get_command(None, name).params for option in parameter.opts}
    text = page.read_text(encoding="utf-8")

    commands = set(re.findall(r"\bgrade ([a-z]+)\b", text)) - {"check`"}
    options = {option for line in re.findall(r"grade [a-z]+ [^\n`]*", text) for option in re.findall(r"(?<![\w-])--[a-z-]+", line)}

    # "grade" is a word, too: one may grade folders, and a maximum grade is a number.
    assert {command for command in commands if re.search(rf"\bgrade {command}\b", text)} - set(COMMANDS) <= {"folders", "in", "is"}
    assert options - known <= {"--network", "--target"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_that_is_linked_is_there(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_first_block_of_the_readme_sets_up_and_runs_the_main_job():
    block = README.split("<!-- main job -->")[1].split("```")[1]

    assert block.startswith("sh\n")
    assert "grade demo" in block


def test_the_tolerances_of_the_page_are_those_of_the_code():
    from grader.checks.compare import FLOAT32, FLOAT64

    page = (ROOT / "docs" / "tolerances.md").read_text(encoding="utf-8")
    for name, tolerance in (("float64", FLOAT64), ("float32", FLOAT32)):
        row = next(line for line in page.splitlines() if line.startswith(f"| {name} |"))
        assert [float(cell) for cell in row.split("|")[2:5]] == [tolerance.rtol, tolerance.scaled, tolerance.atol]
