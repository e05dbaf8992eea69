"""The watch: it grades what a save can have changed, within a second, keeps the screen calm and survives what editors do."""

from __future__ import annotations

import os
import queue
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import contextmanager

import pytest

from grader.catalog import load_course
from grader.errors import SandboxError
from grader.grading import Grader
from grader.model import Limits, News
from grader.regrade import Session, affected
from grader.report.screen import CLEAR, END, HOME, frame, render_screen
from grader.submission import load_submission
from tests.cards import make_card
from tests.loop import RIGHT, STUB, WRONG, make_work, other

WAIT_S = 20.0
ESCAPES = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")


@pytest.fixture(scope="module")
def course(two_exercises):
    return load_course(two_exercises)


# ------------------------------------------------------------------------------------------------------------ what a change reaches


@pytest.fixture
def reached(course, submit):
    """Which exercises are reached when the files of one submission become those of another."""

    def find(before, after):
        def hashed(files):
            made = submit(files)
            return type(made)(
                name="x",
                files=tuple(type(f)(path=f.path, text=f.text, sha256=str(hash(f.text)), size=f.size) for f in made.files),
                digest="x",
            )

        return affected(course, course.exercises, hashed(before), hashed(after))

    return find


HELPER = {"helper.py": "a = 1\n"}
CHANGED = {"helper.py": "a = 2\n"}
IMPORTS = {
    "plain": "import helper\n",
    "as": "import numpy as np, helper as h\n",
    "from": "from helper import a\n",
    "relative": "from . import helper\n",
    "deep": "from lib.helper import a\n",
    "in brackets": "from . import (\n    x,  # :) \n    helper,\n)\n",
    "behind a backslash": "import numpy, \\\n    helper\n",
    "inside a function": "def f():\n    import os; from helper import a\n",
    "dynamic": "import importlib\nm = importlib.import_module('hel' + 'per')\n",
    "built in": "m = __import__('hel' + 'per')\n",
    "compatibility letters": "import ｈelper\n",
}


@pytest.mark.parametrize("line", IMPORTS.values(), ids=IMPORTS)
def test_a_changed_helper_reaches_whoever_may_import_it_and_nobody_else(reached, line):
    work = {"power.py": line + RIGHT, "root.py": other(RIGHT)}

    assert reached({**work, **HELPER}, {**work, **CHANGED}) == ("power",)


def test_a_changed_helper_of_a_helper_reaches_as_far(reached):
    work = {"power.py": "import middle\n" + RIGHT, "middle.py": "from helper import *\n", "root.py": other(RIGHT)}

    assert reached({**work, **HELPER}, {**work, **CHANGED}) == ("power",)


def test_helpers_that_import_each_other_come_to_an_end(reached):
    work = {"power.py": "import middle\n" + RIGHT, "middle.py": "import helper\n", "root.py": other(RIGHT)}

    assert reached({**work, "helper.py": "import middle\n"}, {**work, "helper.py": "import middle  # again\n"}) == ("power",)


def test_a_helper_that_appears_or_goes_reaches_whoever_asked_for_it(reached):
    work = {"power.py": "import helper\n" + RIGHT, "root.py": other(RIGHT)}

    assert reached(work, {**work, **HELPER}) == ("power",)
    assert reached({**work, **HELPER}, work) == ("power",)


def test_the_file_of_a_package_that_runs_unnamed_reaches_everybody(reached):
    work = {"power.py": RIGHT, "root.py": other(RIGHT)}

    assert reached({**work, "__init__.py": ""}, {**work, "__init__.py": "x = 1\n"}) == ("power", "root")


def test_an_exercise_that_moves_to_another_file_is_reached(reached):
    assert reached({"power.py": RIGHT, "root.py": other(RIGHT)}, {"cubes.py": RIGHT, "root.py": other(RIGHT)}) == ("power",)


def test_one_file_with_two_exercises_reaches_both(reached):
    both = RIGHT + other(RIGHT)

    assert reached({"all.py": both}, {"all.py": both + "\n"}) == ("power", "root")


def test_a_word_in_a_name_is_not_the_name(reached):
    work = {"power.py": "import helpers\n" + RIGHT, "root.py": other(RIGHT)}

    assert reached({**work, **HELPER}, {**work, **CHANGED}) == ()


# ---------------------------------------------------------------------------------------------------------------------- the session


@pytest.fixture
def session(course, sandbox, work):
    return Session(work, Grader(course), sandbox, (), Limits(call_s=0.5))


def test_only_what_changed_is_graded_and_the_scorecard_is_whole(session, work):
    make_work(work, power=WRONG, root=other(RIGHT))
    first = session.look()
    make_work(work, power=RIGHT)

    second = session.look()

    assert first.graded == ("power", "root")
    assert second.graded == ("power",)
    assert [one.name for one in second.card.exercises] == ["power", "root"]
    assert first.card.points < second.card.points == second.card.max_points


def test_the_scorecard_of_a_watch_is_that_of_a_check(session, work, course, sandbox):
    make_work(work, power=WRONG, root=other(STUB))
    session.look()
    for text in (RIGHT, "def broken(:", WRONG + "\n"):
        make_work(work, power=text)
        watched = session.look().card

    fresh = Session(work, Grader(course), sandbox, (), Limits(call_s=0.5)).look().card
    assert (watched.exercises, watched.points, watched.max_points, watched.verdict) == (
        fresh.exercises,
        fresh.points,
        fresh.max_points,
        fresh.verdict,
    )
    assert watched.submission == load_submission(work)


def test_a_save_that_changes_nothing_is_not_graded(session, work):
    make_work(work, power=RIGHT)
    session.look()
    make_work(work, power=RIGHT)

    assert session.look() is None


def test_a_verdict_can_come_before_the_mistake_is_named_and_stays_the_same(session, work):
    make_work(work, power=RIGHT, root=other(RIGHT))
    session.look()
    make_work(work, power=WRONG)

    verdict = session.look(explains=False)
    named = session.explain(verdict)

    cubes = [look.card.exercises[0].functions[0] for look in (verdict, named)]
    assert cubes[0].diagnoses == ()
    assert [one.explanation for one in cubes[1].diagnoses] == ["x is squared, not cubed."]
    assert cubes[0].checks == cubes[1].checks
    assert verdict.card.points == named.card.points


def test_where_nothing_is_wrong_there_is_nothing_to_name(session, work):
    make_work(work, power=RIGHT, root=other(STUB))

    assert session.explain(session.look(explains=False)) is None


def break_down(*_arguments, **_options):
    raise SandboxError("the sandbox broke down")


def test_a_look_that_fails_sees_the_same_change_the_next_time(session, work, monkeypatch):
    make_work(work, power=WRONG)
    session.look()
    make_work(work, power=RIGHT)
    with monkeypatch.context() as broken:
        broken.setattr("grader.regrade.grade_submission", break_down)
        with pytest.raises(SandboxError):
            session.look()

    assert session.look().graded == ("power",)


# ----------------------------------------------------------------------------------------------------------------------- the screen


def test_the_screen_is_written_over_and_never_blanked():
    first, second = frame(["a"], first=True), frame(["b", "c"])

    assert CLEAR in first
    assert CLEAR not in second
    assert second.index(HOME) < second.index("b")
    assert second.endswith(END)


@pytest.mark.parametrize("height", [10, 12, 24, 60])
def test_the_screen_fits_the_terminal_and_begins_with_what_to_mend(height):
    news = News(broke=("cube_forward",), completed={"power": ("Why a cube keeps its sign.",) * 4})

    lines = render_screen(make_card(), news, status="10:00:00 watching", width=60, height=height, color=False)

    assert len(lines) <= height
    assert all(len(line) <= 60 for line in lines)
    assert lines[0].startswith("first: ")
    assert lines[-1] == "10:00:00 watching"


# ------------------------------------------------------------------------------------------------------------------- real processes


class Watching:
    """A watch in a process of its own. What it says is read by threads, so that nothing here waits for ever."""

    def __init__(self, folder, course_root, *arguments):
        command = [sys.executable, "-m", "grader", "check", "--watch", *arguments, "--course", str(course_root)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.out: list[str] = []
        self.status: queue.Queue[str] = queue.Queue()
        self.threads = [threading.Thread(target=self._read_out), threading.Thread(target=self._read_status)]
        for thread in self.threads:
            thread.start()

    def _read_out(self):
        self.out.extend(iter(self.process.stdout.readline, ""))

    def _read_status(self):
        for line in iter(self.process.stderr.readline, ""):
            self.status.put(line)

    def next_look(self):
        """What was printed for the next look, after the status that ends it."""
        while "watching" not in (line := self.status.get(timeout=WAIT_S)):
            self.out.append(line)
        time.sleep(0.05)
        text, self.out[:] = "".join(self.out), []
        return text + line

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=WAIT_S)

    def end(self):
        self.process.kill()
        self.process.wait()
        for thread in self.threads:
            thread.join()
        self.process.stdout.close()
        self.process.stderr.close()


@contextmanager
def watching(folder, course_root, *arguments):
    watch = Watching(folder, course_root, *arguments)
    try:
        yield watch
    finally:
        watch.end()


def test_a_save_is_graded_within_a_second_and_what_turned_green_is_said(work, two_exercises):
    make_work(work, power=WRONG, root=other(RIGHT))
    with watching(work, two_exercises) as watch:
        watch.next_look()
        time.sleep(1.5)
        saved = time.monotonic()
        make_work(work, power=RIGHT)

        text = watch.next_look()

        assert time.monotonic() - saved < 1.0
        assert "✓ turned green since last time: cube_forward" in text
        assert "power: " in text
        assert "root_forward" not in text


def test_half_written_wrong_and_deleted_files_are_verdicts_and_the_next_save_mends_them(work, two_exercises):
    make_work(work, power=RIGHT, root=other(RIGHT))
    with watching(work, two_exercises) as watch:
        watch.next_look()
        make_work(work, power=RIGHT[: len(RIGHT) // 2])
        assert "✗ broke since last time" in watch.next_look()
        (work / "power.py").unlink()
        assert "There is no power.py" in watch.next_look()
        (work / "power.py~").write_text(RIGHT)
        (work / "power.py~").replace(work / "power.py")
        assert "turned green since last time: cube_forward" in watch.next_look()


@pytest.mark.parametrize(("text", "code"), [(RIGHT, 0), (WRONG, 3)], ids=["full marks", "points lost"])
def test_ctrl_c_ends_it_with_the_exit_code_of_the_last_look(work, two_exercises, text, code):
    make_work(work, power=STUB, root=other(RIGHT))
    with watching(work, two_exercises) as watch:
        watch.next_look()
        make_work(work, power=text)
        watch.next_look()

        assert watch.stop() == code
        assert "Traceback" not in "".join(watch.out) + "".join(watch.status.queue)


def test_what_is_saved_while_the_watch_begins_is_not_missed(work, two_exercises):
    make_work(work, power=WRONG)
    with watching(work, two_exercises) as watch:
        first = watch.next_look()
        make_work(work, power=RIGHT)

        assert "cube_forward" in first
        assert "turned green since last time: cube_forward" in watch.next_look()


def test_the_watch_ends_with_a_sentence_when_its_folder_is_gone(work, two_exercises):
    folder = make_work(work / "mine", power=RIGHT)
    with watching(work, two_exercises, "mine") as watch:
        watch.next_look()
        (folder / "power.py").unlink()
        folder.rmdir()

        assert watch.process.wait(timeout=WAIT_S) == 4


def test_a_zip_that_is_half_written_is_complained_of_and_the_whole_one_graded(work, two_exercises):
    archive = work / "hw.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("power.py", RIGHT)
    whole = archive.read_bytes()
    with watching(work, two_exercises, "hw.zip") as watch:
        watch.next_look()
        archive.write_bytes(whole[: len(whole) // 2])
        assert "is not a readable zip" in watch.next_look()
        archive.write_bytes(whole)
        assert "total" in watch.next_look()
        assert watch.stop() == 3


@pytest.mark.parametrize(("target", "code"), [("nothing_there", 4), ("power", 5)], ids=["no submission", "a broken course"])
def test_what_no_save_can_mend_ends_the_watch_at_once(work, two_exercises, tmp_path, target, code):
    make_work(work, power=RIGHT)
    shutil.copytree(two_exercises, tmp_path / "broken")
    (tmp_path / "broken" / "reference" / "power.py").write_text("oh no")
    with watching(work, tmp_path / "broken", target) as watch:
        assert watch.process.wait(timeout=WAIT_S) == code


def test_other_files_of_the_folder_wake_nobody(work, two_exercises):
    make_work(work, power=RIGHT)
    with watching(work, two_exercises) as watch:
        watch.next_look()
        (work / "notes.txt").write_text("x")
        make_work(work / ".layerwise", anything="x = 1\n")

        with pytest.raises(queue.Empty):
            watch.status.get(timeout=1.5)


def test_elsewhere_than_in_the_folder_itself_nothing_is_written(work, two_exercises):
    make_work(work / "mine", power=WRONG)
    with watching(work, two_exercises, "mine") as watch:
        watch.next_look()
        make_work(work / "mine", power=RIGHT)

        assert "turned green since last time: cube_forward" in watch.next_look()
    assert os.listdir(work / "mine") == ["power.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_in_a_terminal_one_screen_is_written_over(work, two_exercises):
    import pty

    make_work(work, power=WRONG, root=other(RIGHT))
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "check", "--watch", "--course", str(two_exercises)],
        cwd=work, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        first = read_screen(ours)
        make_work(work, power=RIGHT)
        second = read_screen(ours)
        make_work(work, power=WRONG)
        verdict, named = read_screen(ours), read_screen(ours)
        make_work(work, power=RIGHT)
        read_screen(ours)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=WAIT_S) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)

    assert CLEAR in first
    assert CLEAR not in second
    shown = ESCAPES.sub("", second).split("\r\n")
    assert shown[0].startswith("✓ turned green since last time: cube_forward")
    assert any(re.match(r"✓ power +✓✓ +\d+/\d+$", line) for line in shown)
    assert "✗ broke since last time: cube_forward" in verdict
    assert "x is squared" not in verdict
    assert "This is what you get when x is squared, not cubed." in named


def read_screen(descriptor):
    """Everything up to the end of one screen."""
    data = b""
    deadline = time.monotonic() + WAIT_S
    while not data.endswith(END.encode()) and time.monotonic() < deadline:
        if select.select([descriptor], [], [], 0.1)[0]:
            # Byte by byte, so that the next screen stays where it is.
            data += os.read(descriptor, 1)
    return data.decode()
