"""`grade new` begins an exercise that is proven at once, and touches nothing that is there."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from grader.catalog import load_course
from grader.cli import run
from grader.grading import Grader
from grader.survivors import survey_course
from grader.verify import verify_exercise

WRITTEN = {
    "course.toml",
    "exercises/waves.py",
    "exercises/waves.toml",
    "reference/waves.py",
    "reference/checks/waves.py",
    "reference/mistakes/waves.py",
    "reference/variants/waves_loops.py",
}


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def course(tmp_path):
    """A course with one exercise, as it was just begun."""
    assert run(["new", "waves", "--course", str(tmp_path / "course")]) == 0
    return tmp_path / "course"


def test_a_new_course_holds_all_the_files_of_its_exercise_and_says_so(tmp_path, capsys):
    course = tmp_path / "course"

    assert run(["new", "waves", "--course", str(course)]) == 0

    out = capsys.readouterr().out

    assert set(contents(course)) == WRITTEN
    assert all(f"wrote {course / path}\n" in out for path in WRITTEN)
    assert f"→ next: grade verify waves --course {course}\n" in out


def test_a_new_exercise_is_proven_at_once(course, sandbox):
    loaded = load_course(course)

    proof = verify_exercise(Grader(loaded), loaded.exercise("waves"), sandbox)

    assert [(claim.text, claim.broken) for claim in proof.claims if claim.broken] == []


def test_no_mutant_of_a_new_exercise_survives(course):
    (survey,) = survey_course(course, jobs=2)

    assert [mutant.key for mutant in survey.survivors] == []
    assert survey.killed == survey.made > 30


def test_a_new_exercise_is_proven_with_any_seed(course, sandbox, monkeypatch):
    for number in range(3):
        monkeypatch.setenv("COURSE_SEED", f"sixteen bytes and more, number {number}")
        loaded = load_course(course)

        assert verify_exercise(Grader(loaded), loaded.exercise("waves"), sandbox).holds


def test_its_stub_earns_nothing_and_its_reference_everything(course, tmp_path, capsys):
    work = tmp_path / "work"
    assert run(["start", str(work), "--course", str(course)]) == 0

    assert run(["check", str(work), "--course", str(course)]) == 3
    (work / "waves.py").write_text((course / "reference" / "waves.py").read_text())
    assert run(["check", str(work), "--course", str(course)]) == 0


def test_the_current_folder_is_the_default(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert run(["new", "waves"]) == 0

    assert set(contents(tmp_path)) == WRITTEN
    assert "→ next: grade verify waves --course ." in capsys.readouterr().out


def test_a_second_exercise_leaves_the_first_and_the_course_alone(course):
    before = contents(course)

    assert run(["new", "tides", "--course", str(course)]) == 0

    assert {path: text for path, text in contents(course).items() if path in before} == before
    assert [exercise.name for exercise in load_course(course).exercises] == ["tides", "waves"]


def test_exercises_of_one_course_share_no_function(course):
    run(["new", "tides", "--course", str(course)])

    names = [function.name for exercise in load_course(course).exercises for function in exercise.functions]

    assert len(set(names)) == len(names) == 4


def test_a_layout_gets_a_line_to_add_and_is_not_rewritten(course, capsys):
    with (course / "course.toml").open("a") as file:
        file.write('\n[layout]\nwaves = ["waves.py"]\n')
    before = (course / "course.toml").read_text()

    assert run(["new", "tides", "--course", str(course)]) == 0

    line = 'tides = ["tides.py"]'
    assert f"add to [layout] in {course / 'course.toml'}: {line}\n" in capsys.readouterr().out
    assert (course / "course.toml").read_text() == before
    assert tomllib.loads(before + line)["layout"]["tides"] == ["tides.py"]


def test_a_line_that_is_in_the_layout_already_is_not_asked_for(course, capsys):
    with (course / "course.toml").open("a") as file:
        file.write('\n[layout]\nwaves = ["waves.py"]\ntides = ["hw2/tides.py"]\n')

    assert run(["new", "tides", "--course", str(course)]) == 0

    assert "layout" not in capsys.readouterr().out
    assert load_course(course).exercise("tides").paths == ("hw2/tides.py",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("waves", "waves is an exercise of the course in"),
        ("3d", "'3d' cannot name a module"),
        ("two words", "cannot name a module"),
        ("../waves", "cannot name a module"),
        ("lambda", "cannot name a module"),
        ("_waves", "cannot name a module"),
        ("größe", "cannot name a module"),
        ("", "cannot name a module"),
        ("random", "'random' is the name of a library"),
        ("numpy", "'numpy' is the name of a library"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_with_a_sentence(course, name, words, capsys):
    before = contents(course)
    capsys.readouterr()

    assert run(["new", name, "--course", str(course)]) == 2

    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""
    assert contents(course) == before


@pytest.mark.parametrize(
    "path", ["exercises/tides.py", "reference/tides.py", "reference/checks/tides.py", "reference/variants/tides_loops.py"]
)
def test_if_one_file_is_there_nothing_is_written(course, path, capsys):
    (course / path).write_text("my work")
    before = contents(course)

    assert run(["new", "tides", "--course", str(course)]) == 2

    assert f"{course / path} is there already; nothing was written" in capsys.readouterr().err
    assert contents(course) == before


def test_files_of_another_exercise_are_not_taken_from_it_by_a_longer_name(course, capsys):
    assert run(["new", "waves_loops", "--course", str(course)]) == 2

    assert f"{course / 'reference' / 'variants' / 'waves_loops.py'} is there already" in capsys.readouterr().err


@pytest.mark.parametrize(("first", "second"), [("waves", "waves_long"), ("waves_long", "waves"), ("waves", "wav")])
def test_two_exercises_may_begin_alike(tmp_path, sandbox, first, second):
    for name in (first, second):
        assert run(["new", name, "--course", str(tmp_path)]) == 0

    course = load_course(tmp_path)
    assert all(verify_exercise(Grader(course), exercise, sandbox).holds for exercise in course.exercises)


def test_a_race_for_a_file_is_lost_without_a_trace(course, monkeypatch, capsys):
    # Somebody writes the file between our look and our writing.
    before = contents(course)
    mine = Path(course / "reference" / "tides.py")
    monkeypatch.setattr("grader.scaffold.why_not", lambda root, name: mine.write_text("my work") and "")

    assert run(["new", "tides", "--course", str(course)]) == 5

    assert "File exists; nothing was kept" in capsys.readouterr().err
    assert contents(course) == {**before, "reference/tides.py": "my work"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path, capsys):
    tmp_path.chmod(0o500)

    assert run(["new", "waves", "--course", str(tmp_path / "course")]) == 5

    assert "cannot be written" in capsys.readouterr().err


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path, capsys):
    (tmp_path / "exercises").write_text("a file")

    assert run(["new", "waves", "--course", str(tmp_path)]) == 5

    assert f"{tmp_path / 'exercises'} cannot be written" in capsys.readouterr().err
    assert set(contents(tmp_path)) == {"exercises"}


def test_a_course_that_cannot_be_read_is_left_as_it_is(course, capsys):
    (course / "course.toml").write_text("name = ")
    before = contents(course)

    assert run(["new", "tides", "--course", str(course)]) == 5

    assert "course.toml cannot be read" in capsys.readouterr().err
    assert contents(course) == before


@pytest.mark.parametrize("folder", ['with "quotes" and \\', "prüfung", "a b"])
def test_any_folder_can_become_a_course(tmp_path, folder):
    assert run(["new", "waves", "--course", str(tmp_path / folder)]) == 0

    assert load_course(tmp_path / folder).name
