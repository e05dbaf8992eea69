"""What is remembered between two runs: for the student alone, only where somebody works, never lost and never trusted."""

from __future__ import annotations

import ast
import dataclasses
import json
import os
from pathlib import Path

import pytest

from grader import keep, progress
from grader.catalog import load_course
from grader.cli import run
from grader.progress import FILE, FOLDER, LARGEST_BYTES, Journal, Progress
from tests.loop import EXPLAIN, RIGHT, STUB, WRONG, make_work, other
from tests.on_disk import needs_links, needs_pipes

PLACE = Path(FOLDER) / FILE
PACKAGE = Path(progress.__file__).parent


@pytest.fixture
def check(two_exercises, capsys):
    def call(*arguments):
        run(["check", *arguments, "--course", str(two_exercises)])
        return capsys.readouterr()

    return call


def test_the_next_check_says_what_turned_green_and_what_broke(work, check):
    make_work(work, power=WRONG, root=other(RIGHT))
    check()
    make_work(work, power=RIGHT, root=other(WRONG))

    out = check().out

    assert "✓ turned green since last time: cube_forward" in out
    assert "✗ broke since last time: root_forward" in out


def test_a_check_that_changes_nothing_has_no_news(work, check):
    make_work(work, power=WRONG)
    check()

    assert "since last time" not in check().out


def test_the_first_check_has_nothing_to_compare_with(work, check):
    make_work(work, power=WRONG, root=other(RIGHT))

    assert "since last time" not in check().out


def test_functions_that_are_not_graded_stay_as_they_were(work, check):
    make_work(work, power=WRONG, root=other(WRONG))
    check()
    check("power")
    make_work(work, root=other(RIGHT))

    assert "turned green since last time: root_forward" in check("root").out


def test_a_completed_module_is_explained_once(work, check):
    make_work(work, power=RIGHT)

    first, second = check().out, check().out

    assert "power is complete. You can now explain:" in first
    assert all(sentence in first for sentence in EXPLAIN)
    assert "is complete" not in second


def test_a_module_of_which_only_one_function_was_graded_is_not_called_complete(work, check):
    make_work(work, power=RIGHT)

    assert "is complete" not in check("--only", "cube_forward").out


@pytest.mark.parametrize("arguments", [["--view", "instructor"], ["--format", "json"], ["--no-progress"]])
def test_who_does_not_work_here_leaves_nothing_behind(work, check, arguments):
    make_work(work, power=RIGHT)

    out = check(*arguments).out

    assert not (work / FOLDER).exists()
    assert "is complete" not in out


def test_a_folder_that_is_graded_from_outside_is_not_written_to(work, check):
    make_work(work / "alice", power=RIGHT)

    check("alice")

    assert os.listdir(work / "alice") == ["power.py"]


def test_a_class_is_not_taken_for_the_work_of_whoever_stands_in_it(work, check):
    make_work(work / "alice", power=RIGHT)

    check()

    assert os.listdir(work) == ["alice"]


def test_nothing_is_remembered_where_integration_services_run(work, check, monkeypatch):
    monkeypatch.setenv("CI", "true")
    make_work(work, power=RIGHT)

    check()

    assert not (work / FOLDER).exists()


def test_a_folder_without_work_is_left_alone(work, check):
    check()

    assert os.listdir(work) == []


def test_where_nothing_can_be_written_the_marks_are_the_same_and_nobody_complains(work, check):
    make_work(work, power=RIGHT)
    (work / FOLDER).write_text("a file in the place of the folder")

    captured = check("power")

    assert "total" in captured.out
    assert captured.err == ""


STRANGE = {
    "garbage": b"{",
    "no text": b"\xff\xfe\x00",
    "a list": b"[]",
    "another program's": b'{"version": 1, "courses": {}}',
    "of another version": b'{"format": "layerwise progress", "version": 2, "courses": {}}',
    "without end": b"[" * 100_000,
    "too large": b" " * (LARGEST_BYTES + 1),
}


@pytest.mark.parametrize("content", STRANGE.values(), ids=STRANGE)
def test_what_cannot_be_used_is_kept_and_progress_starts_anew_with_one_sentence(work, check, content):
    make_work(work, power=RIGHT)
    (work / FOLDER).mkdir()
    (work / PLACE).write_bytes(content)

    captured = check("power")

    assert captured.err.count("\n") == 1
    assert "a new one is started" in captured.err
    assert (work / FOLDER / f"{FILE}.old").read_bytes() == content
    assert json.loads((work / PLACE).read_text())["courses"]["tiny"]["green"] == {"power.cube_forward": True, "power.cube_backward": True}
    assert check("power").err == ""


@needs_links
def test_a_link_in_its_place_is_not_followed(work, check, tmp_path):
    make_work(work, power=RIGHT)
    (tmp_path / "precious").write_text("mine")
    (work / FOLDER).mkdir()
    (work / PLACE).symlink_to(tmp_path / "precious")

    check("power")

    assert (tmp_path / "precious").read_text() == "mine"
    assert (work / FOLDER / f"{FILE}.old").is_symlink()


@needs_links
def test_a_folder_that_leads_elsewhere_is_not_written_to(work, check, tmp_path):
    make_work(work, power=RIGHT)
    (tmp_path / "elsewhere").mkdir()
    (work / FOLDER).symlink_to(tmp_path / "elsewhere")

    check("power")

    assert os.listdir(tmp_path / "elsewhere") == []


@needs_pipes
def test_a_pipe_in_its_place_is_not_waited_for(work, check):
    make_work(work, power=RIGHT)
    (work / FOLDER).mkdir()
    os.mkfifo(work / PLACE)

    assert "a new one is started" in check("power").err


def test_of_a_file_with_values_of_wrong_types_only_the_right_ones_are_believed(work, two_exercises):
    table = {"green": {"power.cube_forward": True, "power.cube_backward": 1}, "hints": {"a": -1, "b": True, "c": 2}, "explained": "power"}
    document = {"format": progress.FORMAT, "version": progress.VERSION, "courses": {"tiny": table}}
    (work / FOLDER).mkdir()
    (work / PLACE).write_text(json.dumps(document))

    assert Journal(work, load_course(two_exercises)).read() == Progress(green={"power.cube_forward": True}, hints={"c": 2})


def test_what_another_course_remembers_stays(work, check):
    make_work(work, power=RIGHT)
    document = {"format": progress.FORMAT, "version": progress.VERSION, "courses": {"other": {"anything": [1, 2]}}}
    (work / FOLDER).mkdir()
    (work / PLACE).write_text(json.dumps(document))

    check("power")

    courses = json.loads((work / PLACE).read_text())["courses"]
    assert courses["other"] == {"anything": [1, 2]}
    assert "tiny" in courses


def test_a_forged_memory_changes_no_mark(work, check):
    make_work(work, power=WRONG)
    check()
    document = json.loads((work / PLACE).read_text())
    document["courses"]["tiny"]["green"] = dict.fromkeys(document["courses"]["tiny"]["green"], True)
    before = json.loads(check("--format", "json").out)

    (work / PLACE).write_text(json.dumps(document))

    after = json.loads(check("--format", "json").out)
    assert {**before, "run": None} == {**after, "run": None}
    assert "✗ broke since last time: cube_forward" in check().out


def test_two_who_write_at_once_lose_at_most_what_both_changed(work, two_exercises):
    course = load_course(two_exercises)
    watch, hint = Journal(work, course), Journal(work, course)
    watch.read()
    hint.change(lambda one: dataclasses.replace(one, hints={"power.cube_forward": 1}))

    watch.change(lambda one: dataclasses.replace(one, green={"power.cube_forward": True}))

    assert hint.read() == Progress(green={"power.cube_forward": True}, hints={"power.cube_forward": 1})


def test_a_write_that_breaks_off_leaves_the_old_text_and_no_crumbs(tmp_path, monkeypatch):
    place = tmp_path / "file"
    place.write_text("old")

    def refuse(*_paths):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="no space"):
        keep.write_whole(place, "new")

    assert place.read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]


def test_only_commands_know_of_progress():
    users = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "grader.progress"
    }

    assert users == {"commands"}


def test_a_stub_is_no_news(work, check):
    make_work(work, power=STUB)
    check()

    assert "since last time" not in check().out


@pytest.mark.parametrize("exercise", [one for one in load_course().exercises if one.explain], ids=lambda exercise: exercise.name)
def test_what_can_be_explained_is_told_in_two_to_four_sentences(exercise):
    assert 2 <= len(exercise.explain) <= 4
    assert all(sentence.endswith((".", "?")) for sentence in exercise.explain)


@pytest.mark.parametrize(("name", "told"), [("power", True), ("root", False)])
def test_show_says_what_can_be_explained_where_the_course_does(two_exercises, capsys, name, told):
    run(["show", name, "--course", str(two_exercises)])

    out = capsys.readouterr().out
    assert ("When you have done it, you can explain:" in out) is told
    assert all((sentence in out) is told for sentence in EXPLAIN)
