"""Making a kit, and working in one."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from grader.catalog import load_course
from grader.cli import run
from grader.commands.check import KIT_FOOT
from tests.loop import HINTS, RIGHT, STUB, WRONG, other


@pytest.fixture
def grade(capfd):
    """Runs a command line and gives its exit code, what it printed, and what it complained about."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.fixture
def in_kit(two_exercises, work, grade, monkeypatch) -> Path:
    """The kit of the course of two exercises, with somebody standing in it. The course itself is out of reach."""
    grade("kit", work / "kit-of-two", "--course", two_exercises)
    monkeypatch.chdir(work / "kit-of-two")
    return work / "kit-of-two"


def test_it_says_what_it_wrote_and_what_to_do_next(two_exercises, work, grade):
    code, out, _err = grade("kit", "out", "--zip", "--template", "--course", two_exercises)

    assert code == 0
    assert out.splitlines() == ["wrote out: 12 files, 2 public checks", "wrote out.zip", "→ next: cd out && grade check"]
    assert (work / "out" / ".github" / "workflows" / "check.yml").is_file()
    with zipfile.ZipFile(work / "out.zip") as archive:
        assert archive.read("out/power.py") == STUB.encode()


def test_some_exercises_can_be_chosen(two_exercises, work, grade):
    grade("kit", "out", "root", "--course", two_exercises)

    assert sorted(path.name for path in (work / "out").glob("*.py")) == ["root.py"]
    assert [one.name for one in load_course(work / "out" / "kit", kit_will_do=True).exercises] == ["root"]


def test_an_exercise_that_is_not_there_is_a_slip_of_the_pen(two_exercises, work, grade):
    code, _out, err = grade("kit", "out", "rot", "--course", two_exercises)

    assert code == 2
    assert "There is no exercise 'rot'; did you mean root?" in err
    assert not (work / "out").exists()


def test_the_stubs_are_checked_as_not_done_yet(in_kit, grade):
    code, out, _err = grade("check")

    assert code == 3
    assert "0/2" in out
    assert out.endswith(f"{KIT_FOOT}\n")


def test_work_is_checked_and_what_comes_next_names_no_course(in_kit, grade):
    (in_kit / "power.py").write_text(RIGHT)
    (in_kit / "root.py").write_text(other(WRONG))

    code, out, _err = grade("check")

    assert code == 3
    assert "1/2" in out
    assert "1 of 1 values" in out or "The value of out is off" in out
    assert "→ next: grade check root --only root_forward   (stuck? grade hint)" in out


def test_full_marks_in_a_kit_exit_with_0(in_kit, grade):
    (in_kit / "power.py").write_text(RIGHT)
    (in_kit / "root.py").write_text(other(RIGHT))

    assert grade("check")[0] == 0
    assert grade("check", "power.py", "power")[0] == 0
    assert grade("check", "root", "--only", "root_forward")[0] == 0


def test_the_untouched_stubs_inside_the_kit_are_nobodys_work(in_kit, grade):
    (in_kit / "power.py").unlink()
    (in_kit / "all_in_one.py").write_text(RIGHT)

    _code, out, _err = grade("check", "power")

    assert "1/1" in out


def test_a_scorecard_says_that_it_comes_from_a_kit(in_kit, grade):
    _code, out, _err = grade("check", "--format", "json")

    assert json.loads(out)["course"]["version"] == "1 (student kit)"


def test_the_commands_of_a_student_work(in_kit, grade):
    (in_kit / "power.py").write_text(WRONG)

    assert "power" in grade("list")[1]
    assert "cube_forward" in grade("show", "power")[1]
    assert HINTS[0] in grade("hint", "cube_forward")[1]
    assert "first: cube_forward" in grade("hint")[1]
    assert grade("reset", "power")[0] == 0
    assert (in_kit / "power.py").read_text() == STUB
    assert grade("start", "again")[1].endswith("→ next: grade check again\n")
    assert grade("check", "again")[0] == 3


@pytest.mark.parametrize("words", [("lab",), ("report",)])
def test_what_needs_the_reference_says_so(in_kit, grade, words):
    code, out, err = grade(*words)

    assert (code, out) == (5, "")
    assert "is a student kit: it has neither the reference nor the hidden checks" in err
    assert "Traceback" not in err


def test_a_kit_is_no_course_to_prove_or_to_make_a_kit_of(in_kit, grade):
    for words in (("verify",), ("kit", "another")):
        code, _out, err = grade(*words, "--course", "kit")

        assert code == 5
        assert "is a student kit" in err


def test_a_kit_inside_of_a_submission_does_not_grade_it(in_kit, two_exercises, grade, monkeypatch):
    (in_kit / "power.py").write_text(WRONG)
    # What somebody would do who wants full marks from whoever grades this folder.
    (in_kit / "kit" / "checks" / "power.json").write_text("[]")
    monkeypatch.chdir(in_kit.parent)

    _code, out, err = grade("check", "kit-of-two", "--course", two_exercises, "power")
    _code, without, noted = grade("check", "kit-of-two")

    assert "cube_backward" in out
    assert "kit" not in err
    assert KIT_FOOT not in without
    assert "grade: kit-of-two has a student kit, which is used only from inside that folder. To use it: cd kit-of-two" in noted


def test_a_kit_is_never_signed(in_kit, grade):
    code, out, err = grade("check", "--format", "json", "--sign", "key.pem")

    assert (code, out) == (5, "")
    assert "is a student kit" in err


def test_a_folder_called_kit_that_is_none_is_left_alone(work, grade):
    (work / "kit").mkdir()
    (work / "kit" / "course.toml").write_text('name = "mine"\n')

    code, out, _err = grade("list")

    assert code == 0
    assert "Deep-learning primitives" in out


def test_a_kit_of_a_later_format_is_told_in_a_sentence(in_kit, grade):
    settings = in_kit / "kit" / "course.toml"
    settings.write_text(settings.read_text().replace("format = 1", "format = 2"))

    code, _out, err = grade("check")

    assert code == 5
    assert "is a student kit of another format than 1" in err
    assert "Bring Layerwise up to date." in err


def test_a_notebook_in_a_kit_is_checked_with_it(in_kit, monkeypatch):
    import layerwise
    from grader.notebook import Checked

    monkeypatch.syspath_prepend(str(in_kit))
    (in_kit / "power.py").write_text(RIGHT)
    namespace: dict[str, object] = {"__name__": "somewhere"}
    exec("import power", namespace)

    checked = layerwise.check("power")

    assert isinstance(checked, Checked)
    assert (checked.points, checked.max_points) == (1, 1)


def test_a_repository_handed_in_with_its_kit_earns_what_it_earns_without(in_kit, two_exercises, grade, tmp_path, monkeypatch):
    (in_kit / "power.py").write_text(RIGHT)
    bare = tmp_path / "bare"
    shutil.copytree(in_kit, bare, ignore=shutil.ignore_patterns("kit", ".layerwise"))
    monkeypatch.chdir(tmp_path)

    cards = [json.loads(grade("check", path, "--format", "json", "--course", two_exercises)[1]) for path in (in_kit, bare)]

    assert cards[0]["points"] == cards[1]["points"] > 0
    assert cards[0]["exercises"] == cards[1]["exercises"]
