"""The commands, as a user types them: exit codes, one clear sentence for bad input, nothing overwritten."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.cli import COMMANDS, run

TINY = Path(__file__).parent / "courses" / "tiny"
RIGHT = TINY / "reference" / "power.py"
STUB = TINY / "exercises" / "power.py"
COURSE = ["--course", str(TINY)]


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "power.py").write_text(RIGHT.read_text())
    return folder


def test_full_marks_exit_with_0(work, capsys):
    assert run(["check", str(work), *COURSE]) == 0

    assert "total" in capsys.readouterr().out


def test_lost_points_exit_with_3_and_name_the_next_step(work, capsys):
    (work / "power.py").write_text(RIGHT.read_text().replace("x**3", "x**2"))

    assert run(["check", str(work), *COURSE]) == 3

    out = capsys.readouterr().out
    assert "This is what you get when x is squared, not cubed." in out
    assert f"→ next: grade check {work} power --only cube_forward {' '.join(COURSE)}\n" in out


def test_the_current_folder_is_the_default(work, capsys, monkeypatch):
    monkeypatch.chdir(work)

    assert run(["check", *COURSE]) == 0


def test_one_function_can_be_checked_alone(work, capsys):
    assert run(["check", str(work), "--only", "cube_backward", *COURSE]) == 0

    out = capsys.readouterr().out
    assert "cube_backward" in out
    assert "cube_forward " not in out


def test_a_single_file_of_any_name_can_be_graded(work, capsys):
    (work / "power.py").rename(work / "my_homework.py")

    assert run(["check", str(work / "my_homework.py"), *COURSE]) == 0


def test_of_a_single_file_only_what_it_holds_is_shown(tmp_path, capsys):
    from tests.loop import WRONG, make_course

    course = ["--course", str(make_course(tmp_path / "course"))]
    (tmp_path / "power.py").write_text(WRONG)

    assert run(["check", str(tmp_path / "power.py"), *course]) == 3
    shown = capsys.readouterr().out
    run(["check", str(tmp_path / "power.py"), "--format", "json", *course])
    document = json.loads(capsys.readouterr().out)

    assert "Only power is in this file; the other exercise counts 0." in shown
    assert "root.py" not in shown
    assert shown.split("total")[1].split()[0].endswith(f"/{document['exercises'][0]['max_points']}")
    assert [one["name"] for one in document["exercises"]] == ["power", "root"]
    assert document["max_points"] == 2 * document["exercises"][0]["max_points"]
    assert run(next(line for line in shown.splitlines() if "→ next: grade " in line).partition("grade ")[2].split()) == 3


def test_a_zip_is_graded_like_the_folder_that_is_in_it(work, capsys, tmp_path):
    with zipfile.ZipFile(tmp_path / "hw.zip", "w") as archive:
        archive.write(work / "power.py", "alice-hw1/power.py")

    assert run(["check", str(tmp_path / "hw.zip"), *COURSE]) == 0


def test_json_on_stdout_is_one_valid_document_and_nothing_else(work, capsys):
    from grader.scorecard import validate_document

    assert run(["check", str(work), "--format", "json", *COURSE]) == 0

    document = json.loads(capsys.readouterr().out)
    validate_document(document)
    assert document["points"] == document["max_points"]
    assert document["view"] == "student"


def test_the_same_submission_gives_the_same_json_but_for_the_run(work, capsys):
    documents = []
    for _ in range(2):
        run(["check", str(work), "--format", "json", "--view", "instructor", *COURSE])
        documents.append(json.loads(capsys.readouterr().out))

    for document in documents:
        document.pop("run")
    assert documents[0] == documents[1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["check", "/no/such/place"], 4, "here is no /no/such/place"),
        (["check", __file__.replace(".py", ".toml")], 4, "here is no"),
        (["check", str(TINY / "course.toml")], 4, "is not a folder, a .py file, a notebook or a .zip"),
        (["check", "--course", "/no/such/course"], 5, "there is no /no/such/course/course.toml"),
        (["check", "--only", "cube_forwrd", *COURSE], 2, "did you mean cube_forward?"),
        (["check", "one", "two", *COURSE], 2, "'two' is not the name of an exercise"),
        (["check", "--format", "yaml"], 2, "'yaml' is not one of"),
        (["show", "nothing", *COURSE], 2, "There is no exercise or function 'nothing'"),
        (["start", "x", "nothing", *COURSE], 2, "There is no exercise 'nothing'"),
        (["verify", "nothing", *COURSE], 5, "has no exercise 'nothing'"),
        (["bogus"], 2, "No such command"),
    ],
)
def test_bad_input_is_met_with_a_sentence_and_its_exit_code(arguments, code, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert run(arguments) == code

    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err


def test_a_secret_seed_that_can_be_guessed_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("TINY_SEED", "short")

    assert run(["list", *COURSE]) == 5

    assert "can be guessed" in capsys.readouterr().err


def test_the_scorecard_says_which_kind_of_seed_was_used_and_never_the_seed(work, capsys, monkeypatch):
    monkeypatch.setenv("TINY_SEED", "a secret of more than sixteen bytes")

    run(["check", str(work), "--format", "json", "--view", "instructor", *COURSE])

    out = capsys.readouterr().out
    assert json.loads(out)["course"]["seed"] == "secret"
    assert "a secret of" not in out


def test_start_writes_stubs_and_never_overwrites_work(tmp_path, capsys):
    assert run(["start", str(tmp_path / "new"), *COURSE]) == 0
    written = tmp_path / "new" / "power.py"
    assert written.read_text() == STUB.read_text()
    written.write_text("my work")

    assert run(["start", str(tmp_path / "new"), *COURSE]) == 0

    assert written.read_text() == "my work"
    assert "kept" in capsys.readouterr().out


def test_list_and_show_tell_what_there_is(capsys):
    assert run(["list", *COURSE]) == 0
    assert run(["show", "power", *COURSE]) == 0
    assert run(["show", "cube_backward", *COURSE]) == 0

    out = capsys.readouterr().out
    assert "A course of one exercise" in out
    assert "dx = 3 scale x^2 dout" in out
    assert "cube_backward(dout, cache)" in out


def test_schema_prints_a_json_schema(capsys):
    assert run(["schema"]) == 0

    assert json.loads(capsys.readouterr().out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_verify_proves_the_tiny_course(capsys):
    assert run(["verify", *COURSE]) == 0

    assert "Proven." in capsys.readouterr().out


def test_verify_says_which_check_is_blind(tmp_path, capsys):
    import shutil

    shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    mistakes = tmp_path / "course" / "reference" / "mistakes" / "power.py"
    mistakes.write_text("\n".join(line for line in mistakes.read_text().splitlines() if "by_logarithm" not in line))

    assert run(["verify", "--course", str(tmp_path / "course")]) == 5

    assert "cube_forward: stays_finite_and_quiet" in capsys.readouterr().out


def test_every_command_has_help_that_starts_with_what_it_does(capsys):
    for name in COMMANDS:
        assert run([name, "--help"]) == 0
        assert f"Usage: grade {name}" in capsys.readouterr().out


def test_no_color_and_a_pipe_give_plain_text(work):
    environment = {**os.environ, "NO_COLOR": "1"}

    done = subprocess.run(
        [sys.executable, "-m", "grader", "check", str(work), *COURSE], capture_output=True, text=True, env=environment, check=False
    )

    assert "\x1b" not in done.stdout
    assert done.returncode == 0


def test_a_reader_that_stops_reading_is_no_error(work):
    command = f"{sys.executable} -m grader check {work} -v --course {TINY} | head -1"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    assert done.stderr == ""


def test_a_terminal_that_cannot_show_the_signs_gets_others(work):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}

    done = subprocess.run([sys.executable, "-m", "grader", "check", str(work), *COURSE], capture_output=True, env=environment, check=False)

    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_watch_grades_again_when_a_file_changes(work):
    import time

    (work / "power.py").write_text(RIGHT.read_text().replace("x**3", "x**2"))
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "check", str(work), "--watch", *COURSE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert wait_for(process.stderr, "watching")
        time.sleep(0.3)
        (work / "power.py").write_text(RIGHT.read_text())
        assert wait_for(process.stderr, "watching")
    finally:
        process.terminate()
    out = process.communicate(timeout=10)[0]
    assert out.count("total") == 2


def wait_for(stream, word):
    return any(word in line for line in iter(stream.readline, ""))
