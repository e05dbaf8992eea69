"""`grade check --sign`, `grade keys` and `grade signature`, from the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import run

ROOT = Path(__file__).parent.parent
TINY = ROOT / "tests" / "courses" / "tiny"
COURSE = ["--course", str(TINY)]


@pytest.fixture
def ada(tmp_path, monkeypatch):
    """A folder with a submission and a pair of keys, in which somebody stands."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "power.py").write_text((TINY / "reference" / "power.py").read_text())
    assert run(["keys", "new", "course.key"]) == 0
    return tmp_path


def test_a_grading_is_signed_and_verified_by_command(ada, capsys):
    capsys.readouterr()

    assert run(["check", "ada", "--format", "json", "--sign", "course.key", *COURSE]) == 0
    (ada / "ada.json").write_text(capsys.readouterr().out, encoding="utf-8")
    code = run(["signature", "ada.json", "--key", "course.key.pub"])

    assert code == 0
    told = capsys.readouterr()
    assert told.out.startswith("✓ ada.json: ada, 12/12 points (power), work sha256:")
    assert told.err == ""


def test_the_command_says_what_is_wrong_by_sentence_and_code(ada, capsys):
    capsys.readouterr()
    run(["check", "ada", "--format", "json", "--sign", "course.key", *COURSE])
    good = capsys.readouterr().out
    (ada / "good.json").write_text(good, encoding="utf-8")
    (ada / "changed.json").write_text(good.replace('"points": 12', '"points": 11', 1), encoding="utf-8")
    (ada / "none.json").write_text("hello", encoding="utf-8")
    run(["keys", "new", "other.key"])
    capsys.readouterr()

    def verify(*files, key="course.key.pub"):
        return run(["signature", *files, "--key", key]), capsys.readouterr().err

    assert verify("changed.json", "good.json")[0] == 3
    assert verify("none.json", "changed.json")[0] == 4
    assert verify("missing.json")[0] == 4
    assert verify("good.json", key="other.key.pub")[0] == 3
    assert verify("good.json", key="good.json")[0] == 5
    assert "not the one that was signed" in verify("changed.json")[1]
    assert "Traceback" not in verify("none.json")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give --format json"),
        (["--format", "junit"], "give --format json"),
        (["--format", "json", "--watch"], "no --watch"),
        (["--format", "json", "--sandbox", "plain"], "the graded code can read it"),
    ],
)
def test_signing_is_refused_where_it_would_say_nothing_or_give_the_key_away(arguments, words, ada, capsys):
    capsys.readouterr()

    assert run(["check", "ada", "--sign", "course.key", *arguments, *COURSE]) == 2

    told = capsys.readouterr()
    assert words in " ".join(told.err.split())
    assert told.out == ""


def test_a_key_that_is_not_there_ends_the_command_before_anything_is_graded(ada, capsys):
    capsys.readouterr()

    assert run(["check", "ada", "--format", "json", "--sign", "nothing.key", *COURSE]) == 5

    assert capsys.readouterr().out == ""


def test_grading_without_a_signature_does_not_import_the_library():
    script = "import sys; from grader.cli import cli; cli.get_command(None, 'check'); import grader.grading; print(*sorted(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()

    assert "cryptography" not in loaded
    assert "grader.signing" not in loaded
