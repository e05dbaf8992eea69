"""docs/messages.md shows every message, and as the engine says it today."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "messages.md"
AGAIN = "the messages have changed: run `python docs/messages.py` and read what has become of docs/messages.md"
# What students read comes from here. Of all else, the page has the errors, which its table takes from the source.
STUDENT = (
    *("causes.py", "diagnosis.py", "execution.py", "factors.py", "grading.py", "judging.py", "locate.py", "observations.py"),
    *("progress.py", "supposing.py", "telling.py", "undone.py", "watch.py"),
    *("checks/answers.py", "checks/compare.py", "checks/contract.py", "checks/gradient.py"),
    *("commands/check.py", "commands/hint.py", "commands/naming.py", "commands/reset.py", "commands/show.py", "commands/start.py"),
    *("relations/*.py", "report/text.py", "report/first.py", "report/screen.py", "submission/*.py"),
)
# A line of our own code, a temporary folder, an address in memory.
OURS = re.compile(r"Traceback|File \"|/tmp/|/grader/|site-packages|0x[0-9a-f]{6,}|got -?\d|expected -?\d|the expected\s+value\s+is\s+-?\d")


def load_generator():
    spec = importlib.util.spec_from_file_location("docs_messages", ROOT / "docs" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generator():
    pytest.importorskip("nbformat")
    return load_generator()


@pytest.fixture(scope="module")
def page():
    """The text of the page, without what only lays it out."""
    return flat(PAGE.read_text(encoding="utf-8").replace("\\|", "|")).lower()


def flat(text):
    return re.sub(r"\s+", " ", text)


def stands_on(page, template, gap):
    # A sentence may begin with it. `page` is in lower case.
    pieces = [flat(piece).lower() for piece in template.strip().split(gap)]
    # What begins or ends with a gap needs nothing there, and what is nowhere need not be looked for piece by piece.
    while pieces and not pieces[0].strip():
        pieces.pop(0)
    if not all(piece in page for piece in pieces):
        return False
    return len(pieces) < 2 or re.search(".{0,200}?".join(map(re.escape, pieces)), page) is not None


def unseen():
    document = tomllib.loads((ROOT / "docs" / "messages.toml").read_text(encoding="utf-8"))
    return [one["text"] for section in document["section"] for one in section.get("unseen", ())]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the page is made in the process sandbox, which needs Linux")
def test_the_page_is_what_the_engine_says_today(generator):
    assert generator.page() == PAGE.read_text(encoding="utf-8"), AGAIN


def test_no_sentence_that_a_student_may_read_is_missing_from_the_page(generator, page):
    paths = [path for pattern in STUDENT for path in sorted((ROOT / "grader").glob(pattern))]

    missing = [
        f"{path.relative_to(ROOT)}, line {line}: {text.strip()}"
        for path in paths
        for line, text in generator.sentences(path)
        if not stands_on(page, text, generator.GAP)
    ]

    assert len(paths) > 25
    assert missing == [], "add code that gives the message to docs/messages.toml, and run `python docs/messages.py`"


def test_what_no_example_shows_is_still_said_somewhere(generator):
    said = [flat(text.strip()) for path in (ROOT / "grader").rglob("*.py") for _line, text in generator.sentences(path)]

    assert [text for text in unseen() if flat(text) not in said] == []


def test_a_forgotten_message_would_be_noticed(generator, page, tmp_path):
    module = tmp_path / "new.py"
    module.write_text('def f(n):\n    """A docstring is no message."""\n    return f"There are {n} rabbits in the array."\n')

    ((line, text),) = generator.sentences(module)

    assert (line, text) == (3, "There are … rabbits in the array.")
    assert not stands_on(page, text, generator.GAP)


def test_of_every_change_that_is_shown_something_is_said():
    rows = re.findall(r"^\| (`\w+`: .*) \|  \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert rows == [], "such a change makes no difference, or the code does not run: change it in docs/messages.toml"


def test_every_known_mistake_is_on_the_page(default_course):
    from grader.catalog import load_mistakes

    lines = set(PAGE.read_text(encoding="utf-8").splitlines())
    explanations = [mistake.explanation for exercise in default_course.exercises for mistake in load_mistakes(default_course, exercise)]

    assert len(explanations) > 1000
    assert [explanation for explanation in explanations if f"- {explanation}" not in lines] == []


def test_no_message_shows_a_line_of_ours_or_what_a_hidden_case_expects():
    hidden = re.sub(r"your\s+value\s+is\s[^()]*\(this\s+check\s+is\s+public,", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert OURS.findall(hidden) == []
